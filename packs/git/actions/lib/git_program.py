"""Asks the program `git`. Sensor and actions of this pack share it; it knows nothing of either."""

import os
import subprocess
from typing import NamedTuple, Optional

# What separates the fields of one commit: git passes it through, and no message holds it.
SEPARATOR = "\x1f"
COMMIT_FORMAT = SEPARATOR.join(["%H", "%an", "%ae", "%cI", "%S", "%s"])


class GitError(Exception):
    """What git says about why it could not; for people to read."""


class Commit(NamedTuple):
    sha: str
    author: str
    email: str
    committed_at: str
    # The reference by which it was found, as `refs/heads/main`; empty where git was not asked to tell.
    source: str
    subject: str


class Status(NamedTuple):
    branch: Optional[str]
    upstream: Optional[str]
    ahead: int
    behind: int
    # Lines of the porcelain format without the leading kind, for tracked and for unknown files.
    changed: list
    untracked: list


def git(repository, *arguments, timeout=60):
    """What git prints. GitError when it fails, and when it would have to ask somebody for a password."""
    environment = {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        # Looking must never be in the way of somebody who works.
        "GIT_OPTIONAL_LOCKS": "0",
    }
    command = ["git", "-C", repository, "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
        )
    except FileNotFoundError:
        raise GitError("the program `git` is not installed") from None
    except subprocess.TimeoutExpired:
        raise GitError(f"`git {arguments[0]}` took longer than {timeout} seconds") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip() or done.stdout.decode("utf-8", "replace").strip()
        raise GitError(said or f"`git {arguments[0]}` failed with code {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


def find_repository(path):
    """The top folder of the repository that a path is in. GitError when it is in none, or has no working tree."""
    folder = os.path.abspath(os.path.expanduser(path))
    if not os.path.isdir(folder):
        raise GitError(f"not a folder: {folder}")
    return os.path.abspath(git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))


def read_status(repository):
    facts = {"branch.ab": "+0 -0"}
    changed, untracked = [], []
    for line in git(repository, "status", "--porcelain=v2", "--branch").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            facts[name] = value
        elif kind == "?":
            untracked.append(rest)
        else:
            changed.append(_path_of(kind, rest))
    ahead, behind = (abs(int(number)) for number in facts["branch.ab"].split())
    branch = None if facts["branch.head"] == "(detached)" else facts["branch.head"]
    return Status(branch, facts.get("branch.upstream"), ahead, behind, changed, untracked)


def _path_of(kind, rest):
    """The path in a line of `git status --porcelain=v2`: behind 7 fields, 8 of a rename, 9 of a conflict."""
    fields = {"1": 7, "2": 8, "u": 9}[kind]
    return rest.split(" ", fields)[fields].partition("\t")[0]


def read_log(repository, *arguments):
    """Commits, newest first unless `--reverse` is among the arguments."""
    printed = git(repository, "log", f"--format={COMMIT_FORMAT}", "--source", *arguments)
    return [Commit(*line.split(SEPARATOR)) for line in printed.split("\n") if line]
