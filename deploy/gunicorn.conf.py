"""gunicorn for every web process of a deployment: threads, because a request mostly waits for its database."""

import os

bind = "0.0.0.0:8000"  # inside its own container; nothing is published but on loopback
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeat files: the file system is read-only
graceful_timeout = 20
timeout = 60
keepalive = 5
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
