"""The first moments of a child process: leaves root, binds its life to its parent's, becomes the program.

    python -I -S launch.py PARENT_PID UID GID SIGNAL PROGRAM [ARGUMENT …]        (UID -1: stay who we are)

A program of its own because this happens between fork and exec, where Python code is unsafe in a process with
threads; in this order because a change of user clears the death signal.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, account: tuple[int, int], death_signal: int, program: list[str]) -> None:
    uid, gid = account
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("the parent died before its child began")
    os.execv(program[0], program)  # noqa: S606 - the point of this file


if __name__ == "__main__":
    pid, user, group, sign = map(int, sys.argv[1:5])
    main(pid, (user, group), sign, sys.argv[5:])
