"""The typical server, step by step: each thing that is added tells more, and nothing false.

Six containers of one shop by docker/metadata-action among fifteen of others; bare at first, then
with `-R`, GitHub's token, the registry's login and a clone.
"""

from collections.abc import Iterator

import pytest

from tests.end_to_end.ladder import (
    FIELDS,
    LADDER,
    LOGGED_IN,
    NAMED,
    PULLS,
    SERVICES,
    Answers,
    climb,
    grows,
    has_truth,
    leaving,
    own,
    position,
)
from tests.world.truth import Line, pull_requests
from tests.world.typical import RUNS, THIRD_PARTY, UPSTREAM, Gift, Typical, raise_typical


@pytest.fixture(scope="module")
def typical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typical]:
    """The server; nobody ever looked at it before."""
    raised = raise_typical(tmp_path_factory.mktemp("typical") / "world")
    yield raised
    violations = raised.github.violations()
    raised.stop()
    assert violations == []


@pytest.fixture(scope="module")
def answers(typical: Typical) -> Answers:
    """Every command on every rung."""
    return climb(typical)


# The bare command


def test_bare_command_shows_what_the_images_say(typical: Typical) -> None:
    shown = typical.ask()
    lines = shown.stdout.splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.endswith(" acme/shop")}
    assert {name: row[0] for name, row in rows.items() if name in RUNS} == {
        name: sha[:12] for name, sha in typical.runs.items()
    }
    commands = [line.partition("whatsrunning ")[2] for line in lines if "whatsrunning " in line]
    assert commands == ["-R acme/shop"]
    assert set(rows) - {"\u2192"} == set(RUNS)  # nobody else's container is a row of the shop's
    assert shown.code == 0
    assert typical.ask("--check").code == 3


def test_bare_json(answers: Answers, typical: Typical) -> None:
    document = answers["bare"]["ps"]
    identified = {one["name"]: one["identified"] for one in document["containers"]}
    upstream = {name.rpartition("/")[2].partition(":")[0]: of for name, of in UPSTREAM.items()}
    ours = dict.fromkeys(RUNS, "acme/shop")
    assert {name: of for name, of in identified.items() if of} == {**upstream, **ours}
    assert len(identified) == len(RUNS) + len(THIRD_PARTY)
    assert not any(one["managed"] for one in document["containers"])
    for one in document["containers"]:
        # Nothing was looked up, so nothing is said: neither a value nor that there is none.
        assert {one[field]["status"] for field in FIELDS} == {"unknown"}, one["name"]
    for name, one in own(document).items():
        assert typical.runs[name] in {claim["sha"] for claim in one["claims"]}


def test_show_looks_everything_up(answers: Answers, typical: Typical) -> None:
    for rung, told in answers.items():
        [one] = told["show web-1"]["containers"]
        sha = typical.runs["web-1"]
        assert {claim["sha"] for claim in one["claims"]} == {sha}, rung
        assert (one["managed"], one["revision"]["sha"], one["commit"]["sha"]) == (True, sha, sha)
        assert [pull["number"] for pull in one["pull_requests"]["items"]] == [31]
        assert {one[field]["status"] for field in ("proof", "built", "ci")} & {"none"} == set()
    for word in ("no label", "no tag", "never"):
        assert word not in typical.ask("show", "web-1").stdout


# Each rung against the truth


@pytest.mark.parametrize("rung", NAMED)
def test_the_six_are_judged(rung: str, answers: Answers, typical: Typical) -> None:
    document, gifts = answers[rung]["ps"], LADDER[rung]
    problems = {problem["id"] for problem in document["problems"]}
    login = f"registry/login/{typical.registry.host}"
    for name, one in own(document).items():
        sha = typical.runs[name]
        commit = typical.history.commits[sha]
        assert one["managed"], name
        assert (one["repository"]["name"], one["revision"]["sha"]) == ("acme/shop", sha)
        assert (one["commit"]["sha"], one["commit"]["subject"]) == (sha, commit.subject)
        assert one["commit"]["on_default_branch"] is True
        numbers = tuple(pull["number"] for pull in one["pull_requests"]["items"])
        assert numbers == pull_requests(typical.history, sha), name
        if "token" in gifts:
            assert one["ci"]["at_deploy"] == "green"
        else:
            assert one["ci"]["problem"] == "github/no-token/acme/shop"
        if "login" in gifts:
            assert one["proof"]["status"] == "verified", name
            built = one["built"]
            stands = built["position"], built["builds_behind"], built["commits_behind"]
            assert stands == position(typical, sha), name
            assert {built["newest_sha"], built["latest_sha"]} == {typical.history.head}
        else:
            assert (one["proof"]["status"], one["proof"]["problem"]) == ("unknown", login)
            assert one["built"] == {"status": "unknown", "problem": login}
            assert login in problems
    assert {one["name"] for one in document["containers"] if one["managed"]} == set(RUNS)
    assert document["complete"] == ("token" in gifts and "login" in gifts)


def test_next_step_is_named(typical: Typical) -> None:
    told = typical.ask(gifts=LADDER["-R"]).stdout
    for step in ("set GH_TOKEN", f"docker login {typical.registry.host}"):
        assert step in told
    assert "not-built" not in told
    assert "never built" not in told


@pytest.mark.parametrize("rung", LADDER)
def test_findings(rung: str, answers: Answers) -> None:
    """A revert of what cron runs waits at every rung; `:latest` is told with the login alone."""
    named = {("fix-waiting", "cron")} if rung != "bare" else set()
    moved = {("latest-moved", "worker")} if rung in LOGGED_IN else set()
    said = {(one["code"], one["container"]) for one in answers[rung]["ps"]["findings"]}
    assert said == named | moved


@pytest.mark.parametrize("rung", NAMED)
def test_nothing_known_is_lost(rung: str, answers: Answers) -> None:
    """Whoever has more of the gifts is told all that others are told, and nothing else instead."""
    less = [other for other in LADDER if set(LADDER[other]) < set(LADDER[rung])]
    after = own(answers[rung]["ps"])
    for other in less:
        for name, one in own(answers[other]["ps"]).items():
            lost = [field for field in FIELDS if not grows(one[field], after[name][field])]
            assert lost == [], (other, name)


def test_clone_offline(answers: Answers, typical: Typical) -> None:
    """The engine and the clone alone: what they tell is the same, and nothing is denied."""
    offline = typical.ask("ps", "--offline", "-o", "json", gifts=("clone", "login")).json()
    online = own(answers["clone"]["ps"])
    for name, one in own(offline).items():
        lost = [field for field in FIELDS if not grows(one[field], online[name][field])]
        assert lost == [], name
        for field in ("repository", "revision", "commit", "pull_requests", "deployed_at"):
            assert one[field]["status"] == "found", (name, field)


def test_clone_as_working_directory(answers: Answers, typical: Typical) -> None:
    clone = typical.history.clone
    gifts: tuple[Gift, ...] = ("token", "login")
    here = typical.ask("ps", "-o", "json", gifts=gifts, cwd=clone)
    assert here.json()["complete"]
    assert own(here.json()) == own(answers["clone"]["ps"])


# The other commands


@pytest.mark.parametrize("number", PULLS)
@pytest.mark.parametrize("rung", LADDER)
def test_has(rung: str, number: int, answers: Answers, typical: Typical) -> None:
    document, truth = answers[rung][f"has {number}"], has_truth(typical, number)
    live = {row["container"]: (row["by"], row["reverted_by"]) for row in document["live"]}
    said = {**live, **{row["container"]: None for row in document["not_live"]}}
    assert said == ({} if rung == "bare" else truth)
    standing = any(held and not held[1] for held in said.values())
    assert document["code"] == (0 if standing else 1 if document["complete"] else 3)
    assert document["complete"] == (LADDER[rung][:3] == ("repository", "token", "login"))


@pytest.mark.parametrize("rung", NAMED)
def test_diff(rung: str, answers: Answers, typical: Typical) -> None:
    [timeline] = answers[rung]["diff"]["timelines"]
    entries = {entry["sha"]: entry for entry in timeline["entries"]}
    line = Line(typical.history)
    assert list(entries) == sorted(entries, key=lambda sha: -len(line.reach(sha)))
    running = {
        where["container"]: sha for sha, entry in entries.items() for where in entry["running_on"]
    }
    assert running == typical.runs
    built = {sha for sha, entry in entries.items() if entry["built"]["status"] == "found"}
    never = {sha for sha, entry in entries.items() if entry["built"]["status"] == "none"}
    latest = [sha for sha, entry in entries.items() if entry["latest"]]
    missing = timeline["merged_never_built"]
    if rung in LOGGED_IN:
        assert (built, latest) == (set(typical.built), [typical.history.head])
        assert never == set(entries) - built == set(missing["items"])
        assert timeline["built_not_deployed"] == timeline["running_without_tag"] == []
    else:
        assert built | never | set(latest) == set()
        assert missing["status"] == "unknown"


@pytest.mark.parametrize("rung", LADDER)
def test_history(rung: str, answers: Answers, typical: Typical) -> None:
    """At the bare rung an earlier look may tell; what runs never ended, and nothing else ran."""
    rows = answers[rung]["history"]["entries"]
    said = {row["service"]: (row["sha"], row["until"], row["ended"]) for row in rows}
    truth = {name: (sha, None, "running") for name, sha in typical.runs.items()}
    assert said.items() <= truth.items()
    assert len(rows) == len(said)
    assert said == truth or rung == "bare"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("rung", NAMED)
def test_rollback_plan(rung: str, service: str, answers: Answers, typical: Typical) -> None:
    plan, runs = answers[rung][f"rollback-plan {service}"], typical.runs[service]
    line, named = Line(typical.history), typical.history.named
    assert (plan["service"], plan["running"]["sha"], plan["code"]) == (service, runs, 0)
    older = {sha for sha in typical.built if sha != runs and sha in line.reach(runs)}
    here = set(typical.runs.values())
    there = older if rung in LOGGED_IN else older & here
    found = {one["sha"]: one for one in plan["candidates"]}
    assert set(found) == there
    assert plan["problem"] == (
        None if rung in LOGGED_IN else f"registry/login/{typical.registry.host}"
    )
    for sha, one in found.items():
        back = named["reverted"] in line.reach(sha) and named["revert"] in line.reach(runs)
        back = back and named["revert"] not in line.reach(sha)
        codes = {concern["code"] for concern in one["concerns"]}
        assert codes - {"updater-undoes", "latest-undoes"} == ({"brings-back"} if back else set())
        assert one["recommended"] == (one["rank"] == 1 and not back)
        assert one["image"] == ("local" if sha in here else "registry")
        numbers = {pull["number"] for pull in one["leaves"]["items"]}
        assert numbers == leaving(typical, sha, runs)


@pytest.mark.parametrize("service", SERVICES)
def test_rollback_plan_says_what_is_not_known(
    service: str, typical: Typical, answers: Answers
) -> None:
    bare, named = (typical.ask("rollback-plan", service, gifts=LADDER[r]) for r in ("bare", "-R"))
    assert "no build to go back to" not in bare.stdout + named.stdout
    assert "candidates" not in answers["bare"][f"rollback-plan {service}"]
    assert "-R acme/shop" in bare.stdout
    assert f"docker login {typical.registry.host}" in named.stdout


def test_bare_commands_name_the_way_on(typical: Typical) -> None:
    for command in ("diff", "has 31", "rollback-plan worker"):
        assert f"whatsrunning {command} -R acme/shop" in typical.ask(*command.split()).stdout
