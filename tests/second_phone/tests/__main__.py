"""Runs the vectors, then the phones against the server program, and counts."""

import signal
import sys
import unittest

from . import SERVER, test_server, test_vectors


def ran(module):
    """Tests run and tests that did not pass (a skipped one counts as neither)."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    return result.testsRun - len(result.skipped), len(result.failures) + len(result.errors)


def main():
    """The last line says how many passed and failed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # unittest would swallow another exception
    total, failed = ran(test_vectors)
    if SERVER.exists():
        more, failed_more = ran(test_server)
        total, failed = total + more, failed + failed_more
    else:
        print("The server program is missing: `cargo build --release -p dangjian-http` must run first.")
        total, failed = total + 1, failed + 1
    print(f"{max(total - failed, 0)} passed, {failed} failed", flush=True)
    return 1 if failed else 0


sys.exit(main())
