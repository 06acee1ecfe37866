"""Settings: read from the environment once, at the door, and refused with a reason there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from app.domain.addresses import is_near
from app.domain.answer_files import MOST_MEGABYTES
from app.interchange.mail import BadServer, MailServer, read_server
from app.interchange.sms import Gateway, read_gateway
from app.protection.keys import Keys
from app.protection.password_rules import list_fault
from app.protection.sealed_files import recipient
from app.protection.sign_on import Provider, is_safe
from app.storage.address import BadAddress, read_address

DEFAULT_FOLDER = Path("var")
Engine = Literal["polars", "spark"]
Found = TypeVar("Found")
_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
OF_THE_SERVER = {"COVALUE_BIND", "COVALUE_WORKERS"}  # read in config/gunicorn.py alone


class BadSetting(Exception):
    """A setting that cannot be used: its name, the reason and what to do; never the value."""

    tellable = True  # its words may stand in a log

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        super().__init__(f"{name}: {reason}. {remedy}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a deployment decides; ``config/environment.example`` explains each."""

    database: str
    folder: Path  # data that is not in the database: extracts, queue, cached instruments
    keys: Keys
    public_url: str
    office_url: str
    hosts: tuple[str, ...]  # host names answered to
    secure_cookies: bool
    demonstration: bool
    seal_answers: bool = False  # each response under a key of its own
    file_megabytes: int = 10  # the most that a file given as an answer may have
    audit_copy: Path | None = None  # folder of the audit log's second copy; None: in ``folder``
    breached_passwords: Path | None = None  # SHA-1 digests, sorted
    sign_on: Provider | None = None
    mail: MailServer | None = None  # None: no mail is sent
    sms: Gateway | None = None  # None: no short message is sent
    proxies: int = 0  # in front of us: whose word on the visitor's address and https is taken
    metrics: str = ""  # host:port where figures of the service are served; empty: nowhere
    backup_folder: Path | None = None
    backup_recipients: tuple[str, ...] = ()
    backup_key_recipients: tuple[str, ...] = ()  # of the file of the keys; else the same
    reserve: int = 0  # MB of the folder's disk that are kept for answers
    engine: Engine = "polars"  # adds up the answers
    spark: str = "local[*]"  # address of Spark's master, where it is the engine


@dataclass(frozen=True, slots=True)
class _Asked(Mapping[str, str]):
    """The environment, which remembers what it was asked for: what nobody asks for is a mistake."""

    environment: Mapping[str, str]
    asked: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.environment[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.environment)

    def __len__(self) -> int:
        return len(self.environment)


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting. Raises ``BadSetting``, also for a name that is none."""
    asked = _Asked(environment)
    found = _read(asked)
    unknown = {name for name in environment if name.startswith("COVALUE_")} - asked.asked
    for name in sorted(unknown - OF_THE_SERVER):
        raise BadSetting(
            name, "there is no such setting", "Compare it with config/environment.example"
        )
    return found


def _read(environment: Mapping[str, str]) -> Settings:
    demonstration = _switch(environment, "COVALUE_DEMONSTRATION", default=False)
    folder = Path(environment.get("COVALUE_FOLDER", str(DEFAULT_FOLDER))).resolve()
    public_url = _url(environment, "COVALUE_PUBLIC_URL")
    office_url = _url(environment, "COVALUE_OFFICE_URL")
    hosts = tuple(h for h in environment.get("COVALUE_HOSTS", "").split(",") if h)
    if demonstration:
        hosts = _near(environment, public_url, office_url, hosts)
    if not hosts:
        raise BadSetting(
            "COVALUE_HOSTS",
            "no host name is given",
            "List the names that this service answers to, with commas between",
        )
    copy = environment.get("COVALUE_AUDIT_COPY", "")
    return Settings(
        database=_database(environment, folder),
        folder=folder,
        reserve=_number(environment, "COVALUE_RESERVE", 0 if demonstration else 64),
        keys=Keys.derive(_secret(environment), _sealing_secrets(environment)),
        public_url=public_url,
        office_url=office_url,
        hosts=hosts,
        secure_cookies=public_url.startswith("https://"),
        demonstration=demonstration,
        seal_answers=_switch(environment, "COVALUE_SEAL_ANSWERS", default=not demonstration),
        file_megabytes=_number(environment, "COVALUE_FILE_MEGABYTES", 10, MOST_MEGABYTES),
        audit_copy=Path(copy).resolve() if copy else None,
        breached_passwords=_breached(environment),
        sign_on=_sign_on(environment),
        mail=_mail(environment),
        sms=_sms(environment),
        proxies=_number(environment, "COVALUE_PROXIES"),
        engine=_engine(environment),
        spark=environment.get("COVALUE_SPARK", "local[*]"),
        metrics=address(environment, "COVALUE_METRICS"),
        backup_folder=_folder(environment, "COVALUE_BACKUP_FOLDER"),
        backup_recipients=_recipients(environment, "COVALUE_BACKUP_RECIPIENTS"),
        backup_key_recipients=_recipients(environment, "COVALUE_BACKUP_KEY_RECIPIENTS")
        or _recipients(environment, "COVALUE_BACKUP_RECIPIENTS"),
    )


def _near(
    environment: Mapping[str, str], public_url: str, office_url: str, hosts: tuple[str, ...]
) -> tuple[str, ...]:
    """The names that a demonstration answers to: of this machine, or of a network without others.

    Its sign-ins are printed and ask for a password alone, so it is refused on a public address.
    """
    bind = environment.get("COVALUE_BIND", "127.0.0.1:8000")
    listens = "" if bind.startswith(("unix:", "fd:")) else bind.rpartition(":")[0]
    named = {"COVALUE_PUBLIC_URL": public_url, "COVALUE_OFFICE_URL": office_url}
    urls = {name: urlsplit(url).hostname or "" for name, url in named.items()}
    for name, host in ({"COVALUE_BIND": listens} | urls).items():
        _refuse_public(name, host)
    for host in hosts:
        _refuse_public("COVALUE_HOSTS", host)
    return tuple(dict.fromkeys((*_OF_THIS_MACHINE, *hosts, *urls.values())))


def _refuse_public(name: str, host: str) -> None:
    if not is_near(host):
        raise BadSetting(
            name,
            "a demonstration is not shown on a public address",
            "Use 127.0.0.1 or a private address, or leave COVALUE_DEMONSTRATION out",
        )


def _breached(environment: Mapping[str, str]) -> Path | None:
    name = environment.get("COVALUE_BREACHED_PASSWORDS", "")
    if not name:
        return None
    fault = list_fault(Path(name))
    if fault:
        raise BadSetting(
            "COVALUE_BREACHED_PASSWORDS", fault, "Name a file of SHA-1 digests, sorted, one a line"
        )
    return Path(name)


def address(environment: Mapping[str, str], name: str) -> str:
    """A setting that is ``host:port``, or empty. Raises ``BadSetting``."""
    written = environment.get(name, "")
    host, _colon, port = written.rpartition(":")
    if written and not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise BadSetting(name, "not an address", "Write host:port, such as 127.0.0.1:9100")
    return written


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    written = environment.get(name, "")
    if written and not Path(written).is_absolute():
        raise BadSetting(name, "not the full path of a folder", "Begin it with /")
    return Path(written) if written else None


def _recipients(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(w for w in environment.get(name, "").split(",") if w)
    for written in found:
        try:
            recipient(written)
        except ValueError as error:
            raise BadSetting(
                name,
                "not a public key of age",
                "Write what 'flask backup key' prints, age1…; several with commas between",
            ) from error
    return found


def _sign_on(environment: Mapping[str, str]) -> Provider | None:
    names = ("COVALUE_SIGN_ON_ISSUER", "COVALUE_SIGN_ON_CLIENT", "COVALUE_SIGN_ON_SECRET")
    issuer, client, secret = (environment.get(name, "") for name in names)
    if not issuer and not client and not secret:
        return None
    for name, value in zip(names, (issuer, client, secret), strict=True):
        if not value:
            raise BadSetting(name, "is missing", "Set all three of sign-on, or none")
    if not is_safe(issuer):
        raise BadSetting(names[0], "not an address of TLS", "Begin it with https://")
    return Provider(issuer, client, secret)


def _mail(environment: Mapping[str, str]) -> MailServer | None:
    server, sender = (environment.get(name, "") for name in ("COVALUE_SMTP", "COVALUE_MAIL_FROM"))
    rate = _number(environment, "COVALUE_MAIL_RATE", 60)
    return _told(read_server, server, sender, rate) if server or sender else None


def _told(read: Callable[..., Found], *values: object) -> Found:
    try:
        return read(*values)
    except BadServer as error:
        raise BadSetting(*error.told) from error


def _sms(environment: Mapping[str, str]) -> Gateway | None:
    names = ("COVALUE_SMS", "COVALUE_SMS_TOKEN", "COVALUE_SMS_HOSTS")
    return _told(read_gateway, *(environment.get(name, "") for name in names))


def _database(environment: Mapping[str, str], folder: Path) -> str:
    try:
        return read_address(environment.get("COVALUE_DATABASE", ""), folder, environment)
    except BadAddress as error:
        raise BadSetting("COVALUE_DATABASE", *error.args) from error


def _engine(environment: Mapping[str, str]) -> Engine:
    chosen = environment.get("COVALUE_ENGINE", "polars")
    if chosen == "spark" and find_spec("pyspark"):
        return "spark"
    if chosen == "polars":
        return "polars"
    raise BadSetting(
        "COVALUE_ENGINE",
        "Spark is not installed" if chosen == "spark" else "neither polars nor spark",
        "Write polars, or install the extra named spark and write spark",
    )


def _secret(environment: Mapping[str, str]) -> bytes:
    secret = environment.get("COVALUE_SECRET", "").encode()
    if len(secret) < 32:
        raise BadSetting(
            "COVALUE_SECRET",
            "missing or shorter than 32 characters",
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    return secret


def _sealing_secrets(environment: Mapping[str, str]) -> list[bytes]:
    """The present secret that seals, then those before, commas between; none: the one above."""
    name = "COVALUE_SEALING_SECRETS"
    found = [each.encode() for each in environment.get(name, "").split(",") if each]
    if any(len(each) < 32 for each in found):
        raise BadSetting(name, "one is shorter than 32 characters", "Make each as COVALUE_SECRET")
    return found


def _url(environment: Mapping[str, str], name: str) -> str:
    url = environment.get(name, "http://127.0.0.1:8000").rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise BadSetting(name, "not a web address", "Begin it with https://")
    return url


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise BadSetting(name, "neither 0 nor 1", "Write 1 for yes, 0 for no")
    return value == "1"


def _number(environment: Mapping[str, str], name: str, default: int = 0, most: int = 9**9) -> int:
    value = environment.get(name, str(default))
    if not value.isdecimal() or int(value) > most:
        raise BadSetting(name, f"not a number up to {most}", "Write how many, in digits")
    return int(value)
