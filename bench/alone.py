"""Starts one command, waits for it, and prints what it took: `python -I -S bench/alone.py OUT COMPLAINTS COMMAND...`.

A small process of its own, since to the peak memory of a program Linux counts what the process that started it holds
(fs/exec.c, exec_mmap). What it holds itself, some 9 MiB, is the least that it can tell of a command.
"""

import os
import sys
import time


def main() -> None:
    """Prints exit code, seconds of processor and of wall time, and KiB of resident memory at its peak."""
    out, complaints, *command = sys.argv[1:]
    how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, how, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, complaints, how, 0o644),
    ]
    began = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss)


main()
