from git_program import GitError, find_repository, git, read_log
from st2common.runners.base_action import Action


class PullAction(Action):
    def run(self, repository):
        try:
            repository = find_repository(repository)
            before = git(repository, "rev-parse", "HEAD").strip()
            # Not `git pull`, which takes what it fetched from a file that a fetch of the sensor may write at that moment.
            git(repository, "fetch", "--quiet", timeout=300)
            git(repository, "merge", "--ff-only", "--quiet", "@{upstream}")
            commits = read_log(repository, f"{before}..HEAD")
        except GitError as error:
            return (False, str(error))
        noun = "commit" if len(commits) == 1 else "commits"
        summary = f"{len(commits)} new {noun}" if commits else "already up to date"
        subjects = [commit.subject for commit in commits]
        return {"summary": summary, "repository": repository, "before": before, "subjects": subjects}
