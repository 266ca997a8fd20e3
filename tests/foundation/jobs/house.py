"""The settings of the house with the tests' kinds of jobs."""

from hieuhoc.project.settings import *  # noqa: F403  # all of them, and one more

JOBS = {
    name: f"tests.foundation.jobs.works.{name}"
    for name in ("post", "refuse", "break_down", "lose_database", "stop_itself", "be_told_to_end", "make_file")
}
