"""`python -m crawler.replica`: the replica web in the foreground, until Ctrl-C or `kill`."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import threading
from pathlib import Path

from archive.errors import HongtouError, PortInUse
from crawler.replica.server import BUILT_IN, Replica


def main(arguments: list[str] | None = None) -> int:
    """Serve, say where, wait."""
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends it as Ctrl-C does
    try:
        with Replica(asked.web, stage=asked.stage, port=asked.port) as web:
            if asked.ca_file:
                shutil.copyfile(web.ca_file, asked.ca_file)
            say = [f"dial {web.dial}", f"ca-file {asked.ca_file or web.ca_file}", *web.hosts]
            sys.stdout.write("\n".join(say) + "\n")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except HongtouError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"{PortInUse(f'Port {asked.port} cannot be used: {error}.')}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m crawler.replica",
        description="Serve the saved web on 127.0.0.1, http and https on one port.",
        epilog="Example: python -m crawler.replica --port 8800 --ca-file replica-ca.pem",
    )
    parser.add_argument("--web", type=Path, default=BUILT_IN, help="folder of saved hosts")
    parser.add_argument("--stage", type=int, default=1, help="point in time it stands at")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ca-file", type=Path, help="write the certificate to trust here")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
