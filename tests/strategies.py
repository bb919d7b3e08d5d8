"""Hypothesis strategies for the values of `deploy_access`."""

from __future__ import annotations

from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from deploy_access.github.repository import GithubRepo
from deploy_access.github.repository_checks import SUBJECT_FORMATS, SubjectFormat

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from deploy_access.github.subject import Subject

IDS = st.integers(min_value=1, max_value=10**12)
_WORD = st.text(alphabet=ascii_lowercase + digits, min_size=1, max_size=6)
OWNERS = st.tuples(_WORD, st.text(alphabet="aZ0-_", max_size=4)).map("".join)
REPOSITORIES = st.tuples(_WORD, st.text(alphabet="aZ0-_.", max_size=4), _WORD).map("".join)
REFS = st.lists(_WORD, min_size=1, max_size=2).map("/".join)
# Everything that IAM stores, without wildcards and the beginnings of templates.
ENVIRONMENTS = st.text(
    alphabet=[chr(code) for code in range(0x20, 0x100) if chr(code) not in "*?${%"],
    min_size=1,
    max_size=20,
).filter(lambda name: name == name.strip())
TEMPLATES = st.sampled_from(
    [
        ("repo", "context"),
        ("repo", "context", "job_workflow_ref"),
        ("repo", "job_workflow_ref", "context"),
        ("job_workflow_ref", "repo", "context"),
        ("context", "repository_owner", "repo"),
        ("repository_owner", "repository_id", "context"),
        ("repository", "environment", "ref", "actor"),
    ]
)
DEFAULT_TEMPLATE = st.just(("repo", "context"))
FORMATS = st.sampled_from(SUBJECT_FORMATS)
WORKFLOW = "acme/ci/.github/workflows/deploy.yml@refs/heads/main"


@st.composite
def repositories(
    draw: st.DrawFn,
    subject_format: SearchStrategy[SubjectFormat] = FORMATS,
    templates: SearchStrategy[tuple[str, ...]] = DEFAULT_TEMPLATE,
) -> GithubRepo:
    """Draw a repository with ids, in any form."""
    return GithubRepo(
        f"{draw(OWNERS)}/{draw(REPOSITORIES)}",
        owner_id=draw(IDS),
        repo_id=draw(IDS),
        subject_format=draw(subject_format),
        include_claim_keys=draw(templates),
    )


@st.composite
def narrow_subjects(
    draw: st.DrawFn,
    repository: SearchStrategy[GithubRepo] | None = None,
) -> Subject:
    """Draw a subject of a kind that no rule finds anything wrong with."""
    repo = draw(repository if repository is not None else repositories())
    kind = draw(st.sampled_from(["branch", "environment", "tag", "tag_pattern"]))
    if kind == "environment":
        return _completed(repo, repo.environment(draw(ENVIRONMENTS)))
    make = {"branch": repo.branch, "tag": repo.tag, "tag_pattern": repo.tag_pattern}[kind]
    name = draw(REFS)
    return _completed(repo, make(f"{name}*" if kind == "tag_pattern" else name))


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """Draw a subject of any kind, with or without further claims."""
    repo = draw(repositories())
    subject = draw(
        st.one_of(
            narrow_subjects(st.just(repo)),
            st.sampled_from([repo.anything(), repo.any_ref(), repo.pull_request()]),
            REFS.map(lambda name: repo.branch_pattern(f"{name}/*")),
        )
    )
    claims = draw(
        st.fixed_dictionaries({}, optional={"actor": REFS, "ref": REFS, "repository_id": REFS})
    )
    return subject.requiring(**claims)


def _completed(repo: GithubRepo, subject: Subject) -> Subject:
    """Say every claim that the template asks for and that the kind of subject does not say."""
    missing = {segment.key for segment in subject.forms[0] if segment.text is None}
    if "job_workflow_ref" in missing:
        subject = subject.requiring(job_workflow_ref=WORKFLOW)
    if "actor" in missing:
        subject = subject.requiring(actor="octocat")
    if "environment" in missing:
        subject = subject.requiring(environment="prod")
    if "ref" in missing:
        subject = subject.requiring(ref="refs/heads/main")
    assert subject.exact or subject.patterns, repo
    return subject
