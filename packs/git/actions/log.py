from git_program import GitError, find_repository, read_log
from st2common.runners.base_action import Action


class LogAction(Action):
    def run(self, repository, count=10, since=None, author=None):
        wanted = [f"--max-count={count}"]
        if since:
            wanted.append(f"--since={since}")
        if author:
            wanted.append(f"--author={author}")
        try:
            repository = find_repository(repository)
            commits = read_log(repository, *wanted, "HEAD")
        except GitError as error:
            return (False, str(error))
        fields = ("sha", "author", "email", "committed_at", "subject")
        listed = [{name: getattr(commit, name) for name in fields} for commit in commits]
        noun = "commit" if len(listed) == 1 else "commits"
        return {"summary": f"{len(listed)} {noun}", "repository": repository, "commits": listed}
