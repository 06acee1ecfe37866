"""The files for systemd, nginx and compose: their programs take them, they keep their promises."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.answer_files import MEGABYTE, MOST_MEGABYTES
from app.web.form_files import MOST_OF_A_FORM

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "config" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
TLS = ("enquete", "bureau")
VERSIONS = (
    ssl.TLSVersion.TLSv1,
    ssl.TLSVersion.TLSv1_1,
    ssl.TLSVersion.TLSv1_2,
    ssl.TLSVersion.TLSv1_3,
)


def needs(program: str) -> pytest.MarkDecorator:
    """For a check that only the program itself can make."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    return pytest.mark.skipif(not found, reason=f"{program} is not installed here")


@needs("systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in (*UNITS, *DEPLOY.glob("*.timer"), *DEPLOY.glob("*.socket")):
        text = re.sub(r"/opt/covalue/.venv/bin/\w+", sys.executable, path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        check=False,
        capture_output=True,
        text=True,
    )
    ours = [line for line in checked.stderr.splitlines() if "covalue" in line]
    assert not ours
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_is_locked_down_and_waits_longer_than_the_server(path: Path) -> None:
    text = path.read_text("utf-8")
    own = "-public" if path.stem == "covalue-public" else ""
    assert f"User=covalue{own}\n" in text
    assert f"StateDirectory=covalue{own}\n" in text
    assert f"Environment=COVALUE_FOLDER=/var/lib/covalue{own}\nEnvironmentFile=" in text
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
        assert line in text
    if "gunicorn" in text:
        graceful = re.search(r"^graceful_timeout = (\d+)", _gunicorn(), re.M)
        wait = re.search(r"^TimeoutStopSec=(\d+)", text, re.M)
        assert graceful
        assert wait
        assert int(wait[1]) > int(graceful[1])
        assert "ExecReload=/bin/kill -HUP $MAINPID" in text
        assert "--chdir /opt/covalue -c /opt/covalue/config/gunicorn.py" in text  # link, anew


@pytest.mark.parametrize(("name", "port"), [("public", 8001), ("office", 8002)])
def test_an_address_is_held_open_where_the_proxy_looks_for_it(name: str, port: int) -> None:
    held = (DEPLOY / f"covalue-{name}.socket").read_text("utf-8")
    assert f"\nListenStream=127.0.0.1:{port}\n" in held
    unit = (DEPLOY / f"covalue-{name}.service").read_text("utf-8")
    assert f"Requires=covalue-{name}.socket\nAfter=covalue-{name}.socket " in unit
    proxy = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert re.search(rf"upstream covalue_{name} {{\s+server 127.0.0.1:{port} ", proxy)


AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:public"]
os.execv(sys.executable, gunicorn)
"""


def test_who_comes_during_a_restart_is_served_after_it(tmp_path: Path) -> None:
    """The socket is handed over as systemd does it, and outlives the server."""
    environment = {
        "PATH": os.environ["PATH"],
        "COVALUE_SECRET": "a secret that is only good for tests",
        "COVALUE_HOSTS": "127.0.0.1",
        "COVALUE_FOLDER": str(tmp_path),
        "COVALUE_RESERVE": "0",
        "COVALUE_WORKERS": "1",
        "COVALUE_BIND": "127.0.0.1:1",  # is not looked at
    }
    ask = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0), backlog=16) as held:
        for _restarted in range(2):
            with socket.create_connection(held.getsockname(), timeout=240) as waiting:
                waiting.sendall(ask)  # nobody is there yet
                served = subprocess.Popen(
                    [sys.executable, "-c", AS_SYSTEMD, str(held.fileno())],
                    cwd=ROOT,
                    env=environment,
                    pass_fds=[held.fileno()],
                    stderr=subprocess.DEVNULL,
                )
                try:
                    assert waiting.recv(15) == b"HTTP/1.1 200 OK"
                finally:
                    served.terminate()
                    served.wait(60)


def test_after_a_reload_a_worker_knows_nothing_of_the_release_before() -> None:
    asked = "import runpy, sys; c = runpy.run_path('config/gunicorn.py'); before = set(sys.modules)"
    asked += "; c['post_fork'](None, None); print(sorted(before - set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)
    assert b"'app', " in done.stdout
    assert b"'app.settings'" in done.stdout


def _gunicorn() -> str:
    return (ROOT / "config" / "gunicorn.py").read_text("utf-8")


def _configured(name: str, tmp_path: Path) -> list[str | Path]:
    """The command that starts nginx with this file, its certificates and places put here."""
    for host in TLS:
        _self_signed(tmp_path / f"{host}.pem", tmp_path / f"{host}.key")
    text = (DEPLOY / name).read_text("utf-8")
    for real, here in (
        ("/etc/ssl/covalue", tmp_path),
        ("/etc/nginx/covalue-proxy.conf", DEPLOY / "covalue-proxy.conf"),
        ("/var/log/nginx", tmp_path),
        ("server public:", "server 127.0.0.1:"),
        ("server office:", "server 127.0.0.1:"),
    ):
        text = text.replace(real, str(here))
    (tmp_path / "main.conf").write_text(f"pid {tmp_path}/pid; events {{}} http {{ {text} }}")
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    return [str(nginx), "-p", tmp_path, "-e", tmp_path / "error", "-c", tmp_path / "main.conf"]


@pytest.mark.parametrize("name", ["nginx.conf", "nginx.compose.conf"])
def test_each_surface_has_a_host_name_and_a_process_of_its_own(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    leads = {}
    for server in text.split("\nserver {")[1:]:
        hosts = re.findall(r"server_name ([^;]+);", server)
        for aim in set(re.findall(r"proxy_pass http://covalue_(\w+)", server)):
            assert aim not in leads
            leads[aim] = hosts
    assert leads == {"public": ["enquete.example.fr"], "office": ["bureau.example.fr"]}
    started = {
        unit.stem: re.findall(r"wsgi:(\w+)", unit.read_text("utf-8"))
        for unit in UNITS
        if "gunicorn" in unit.read_text("utf-8")
    }
    assert started == {"covalue-public": ["public"], "covalue-office": ["office"]}


@needs("nginx")
@pytest.mark.parametrize("name", ["nginx.conf", "nginx.compose.conf"])
def test_nginx_takes_its_configuration(name: str, tmp_path: Path) -> None:
    checked = subprocess.run(
        [*_configured(name, tmp_path), "-t"], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


@needs("nginx")
def test_the_proxy_speaks_newer_tls_alone(tmp_path: Path) -> None:
    command = _configured("nginx.conf", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    main = tmp_path / "main.conf"
    text = re.sub(r"listen (\[::\]:(80|443)|80)( ssl)?;", "", main.read_text())
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    # only what the file says of versions decides here, not what the system's library refuses
    main.write_text(text.replace("http {", "http { ssl_ciphers ALL:@SECLEVEL=0;", 1))
    served = subprocess.Popen([*command, "-g", "daemon off; master_process off;"])
    try:
        spoken = [each for each in VERSIONS if _speaks(port, each)]
        assert spoken == [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
    finally:
        served.terminate()
        served.wait()


def _speaks(port: int, version: ssl.TLSVersion) -> bool:
    asked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asked.check_hostname, asked.verify_mode = False, ssl.CERT_NONE
    asked.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the versions that are refused
        asked.minimum_version = asked.maximum_version = version
    for _ in range(100):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        except ConnectionRefusedError:
            time.sleep(0.05)
            continue
        with connection, suppress(ssl.SSLError), asked.wrap_socket(connection) as spoken:
            return spoken.version() is not None
        return False
    raise AssertionError("nginx does not listen")


def _self_signed(certificate: Path, key: Path) -> None:
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, made.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(made, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def test_the_proxy_keeps_no_addresses_and_no_word_of_a_visitor() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    servers = text.count("server {")
    assert servers == text.count("access_log off;") == 3
    for path in ("/ready", "/health", "/metrics"):
        assert text.count(f"location = {path} {{ return 404; }}") == servers - 1
    assert text.count("proxy_pass") == text.count("include /etc/nginx/covalue-proxy.conf;")
    told = (DEPLOY / "covalue-proxy.conf").read_text("utf-8")
    assert "X-Forwarded-For $remote_addr;" in told  # set, not added to
    idle = re.findall(r"keepalive_timeout (\d+)s", text)
    kept = re.search(r"^keepalive = (\d+)", _gunicorn(), re.M)
    assert kept
    assert max(map(int, idle)) < int(kept[1])
    compose = (DEPLOY / "nginx.compose.conf").read_text("utf-8")
    plain = [re.sub(r"server (public|office|127\S+?):\d+", "", t) for t in (text, compose)]
    assert plain[0].splitlines()[1:] == plain[1].splitlines()[1:]


def test_the_proxy_lets_files_of_answers_through_and_keeps_them_off_the_disk() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    (place,) = re.findall(r"location /r/ \{(.*?)\}", text, re.S)
    bound = f"{MOST_OF_A_FORM // 1024 // 1024}m;"
    assert re.findall(r"client_(?:max_body_size|body_buffer_size) (\S+)", place) == [bound] * 2
    assert MOST_MEGABYTES * MEGABYTE < MOST_OF_A_FORM
    assert text.count("client_max_body_size 1m;") == 1  # for whatever else people send


def test_both_hand_the_log_over_in_one_way_within_five_minutes() -> None:
    file = (DEPLOY / "postgresql-archive.conf").read_text("utf-8")
    told = dict(re.findall(r"^(\w+) = '?(.*?)'?$", file, re.M))
    command = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    database = command["services"]["database"]["command"]
    given = dict(each.split("=", 1) for each in database if "=" in each)
    assert {name: given[name] for name in told} == told
    assert told["archive_mode"] == "on"
    assert int(told["archive_timeout"]) <= 300
    taken = (DEPLOY / "covalue-archive.service").read_text("utf-8")
    for place in (" backup log /var/lib/covalue-wal\n", "covalue /var/lib/covalue-wal\n"):
        assert place in taken
    assert "--uid 999 " in (DEPLOY / "Containerfile").read_text("utf-8")


def test_compose_names_its_processes_and_shows_only_the_proxy() -> None:
    made = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = made["services"]
    named = {"database", "public", "office", "worker", "owner", "proxy", "spool", "archive"}
    assert set(services) == named
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    assert made["networks"]["inside"]["internal"] is True
    socket = "socket:/var/run/postgresql"
    assert services["public"]["volumes"] == ["public:/var/lib/covalue", socket]  # no extract
    assert services["public"]["networks"] == ["inside"]
    assert services["database"]["network_mode"] == "none"
    assert "listen_addresses=" in services["database"]["command"]
    assert "--auth-local=scram" in services["database"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert all(socket in services[one]["volumes"] for one in set(services) - {"proxy", "spool"})
    for name in ("public", "office", "worker"):
        each = services[name]
        assert each["read_only"] is True
        assert each["cap_drop"] == ["ALL"]
        assert each["env_file"] == [f"{name}.env"]
        assert each["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("public", "office"):
        assert "/ready" in services[name]["healthcheck"]["test"][-1]
        assert services[name]["command"][-1] == f"wsgi:{name}"
    for volume in (v for each in services.values() for v in each.get("volumes", ())):
        source = volume.partition(":")[0]
        assert source.startswith("./") or source in made["volumes"]
