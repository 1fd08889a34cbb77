"""Who is working on a run: one process at a time, which shows that it lives by a heartbeat.

An attempt in flight is leased to its run's owner. When the owner is gone (its process has ended, or on another host its
heart has stopped) the run may be taken over, and what was in flight goes back to the frontier. `prover.journal` keeps
the lease beside the events and lets nobody write who does not hold it.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

import psutil

BEAT = 5.0  # seconds between two heartbeats
EXPIRES = 60.0  # seconds without one after which an owner on another host counts as gone
SAME = 2.0  # seconds by which the start of one and the same process may seem to differ when the clock is set


@dataclass(frozen=True, slots=True)
class Owner:
    """A process: its host, its number there, and when it was started (seconds since the epoch), as numbers recur."""

    host: str
    pid: int
    started: float

    @classmethod
    def me(cls) -> Owner:
        """This process."""
        return cls(socket.gethostname(), os.getpid(), psutil.Process().create_time())

    def is_gone(self, beat: float, now: float) -> bool:
        """Has it ended, its last heartbeat being at `beat`? On this host that is seen, elsewhere it is concluded."""
        if self.host != socket.gethostname():
            return now - beat > EXPIRES
        try:
            process = psutil.Process(self.pid)
            another = abs(process.create_time() - self.started) > SAME
            return another or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


NOBODY = Owner("", 0, 0.0)  # holds a lease that was given back
