"""How the server runs; every value that a machine decides comes from the environment."""

import os

bind = os.environ.get("COVALUE_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("COVALUE_WORKERS") or os.cpu_count() or 1)
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 2000
max_requests_jitter = 400
preload_app = False  # each worker opens its own connections
control_socket_disable = True
accesslog = None  # addresses of participants are kept nowhere
errorlog = "-"
proc_name = "covalue"
