"""Running commands."""

import shlex
import subprocess

__all__ = ["quote_unix", "quote_windows", "run_command"]


def run_command(
    cmd,
    stdin=None,
    stdout=subprocess.PIPE,
    stderr=subprocess.PIPE,
    shell=False,
    cwd=None,
    env=None,
    close_fds=None,
):
    """Exit code, stdout and stderr (bytes). A text is a command line for a shell, or is split like one."""
    arguments = cmd if shell or not isinstance(cmd, str) else shlex.split(cmd)
    ended = subprocess.run(
        arguments,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        shell=shell,
        cwd=cwd,
        env=env,
        close_fds=True if close_fds is None else close_fds,
    )
    return ended.returncode, ended.stdout, ended.stderr


def quote_unix(value):
    return shlex.quote(str(value))


def quote_windows(value):
    return subprocess.list2cmdline([str(value)])
