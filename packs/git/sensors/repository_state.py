"""What is remembered of a repository, and what two such states differ by."""

from git_program import git, read_log, read_status

MOST_COMMITS = 50
HEADS = "refs/heads/"


def read_state(repository):
    """JSON values only, since it is kept in the datastore."""
    status = read_status(repository)
    printed = git(repository, "for-each-ref", "--format=%(refname) %(objectname)", HEADS)
    branches = dict(line[len(HEADS) :].rsplit(" ", 1) for line in printed.splitlines())
    return {
        "branch": status.branch,
        "upstream": status.upstream,
        "ahead": status.ahead,
        "behind": status.behind,
        "changed": len(status.changed),
        "untracked": len(status.untracked),
        "branches": branches,
    }


def differences(repository, before, after):
    """Pairs of a trigger's name and its payload."""
    yield from _branches(before, after)
    yield from _commits(repository, before["branches"], after["branches"])
    if _is_dirty(before) != _is_dirty(after):
        state = "dirty" if _is_dirty(after) else "clean"
        counts = {name: after[name] for name in ("branch", "changed", "untracked")}
        yield "working_tree", {"state": state, **counts}
    if after["branch"] and after["upstream"] and _has_moved(before, after):
        counts = {name: after[name] for name in ("branch", "upstream", "ahead", "behind")}
        yield "upstream", {"state": _standing(after), **counts}


def _branches(before, after):
    for branch in sorted(after["branches"].keys() - before["branches"].keys()):
        yield "branch", {"event": "created", "branch": branch, "previous": None}
    for branch in sorted(before["branches"].keys() - after["branches"].keys()):
        yield "branch", {"event": "deleted", "branch": branch, "previous": None}
    if before["branch"] != after["branch"]:
        yield "branch", {"event": "switched", "branch": after["branch"], "previous": before["branch"]}


def _commits(repository, before, after):
    """What is reachable now and was not before. So a rebased commit is a new one, which it is."""
    moved = [HEADS + name for name, sha in after.items() if name in before and before[name] != sha]
    created = [HEADS + name for name, sha in after.items() if name not in before and sha not in before.values()]
    known = ["--not", *before.values()]
    commits = _log(repository, moved, known) + _log(repository, created, [*known, "--remotes"])
    mine = _own_address(repository) if commits else ""
    for commit in {commit.sha: commit for commit in commits}.values():
        yield "commit", {
            "branch": commit.source[len(HEADS) :],
            "sha": commit.sha,
            "subject": commit.subject,
            "author": commit.author,
            "email": commit.email,
            "is_mine": commit.email == mine,
            "committed_at": commit.committed_at,
        }


def _log(repository, heads, known):
    if not heads:
        return []
    # What was known may have been thrown away by git meanwhile.
    return read_log(repository, "--reverse", f"--max-count={MOST_COMMITS}", "--ignore-missing", *heads, *known)


def _own_address(repository):
    return git(repository, "config", "--default", "", "--get", "user.email").strip()


def _is_dirty(state):
    return state["changed"] + state["untracked"] > 0


def _has_moved(before, after):
    """Not each commit of one's own that is still to be pushed, but each that somebody else has."""
    return before["upstream"] != after["upstream"] or _standing(before) != _standing(after) or (
        after["behind"] > before["behind"]
    )


def _standing(state):
    if state["ahead"] and state["behind"]:
        return "diverged"
    return "ahead" if state["ahead"] else "behind" if state["behind"] else "in_step"
