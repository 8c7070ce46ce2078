"""What each field of the JSON has to be shown with, on the page of its command."""

from collections.abc import Iterator, Mapping
from typing import Any

STATES = {"healthy": "healthy", "unhealthy": "UNHEALTHY", "starting": "starting", "none": "running"}
LOUD = {"contradicted": "CONTRADICTED", "denied": "DENIED", "red": "RED"}
IMAGES = {"local": "on the engine", "registry": "in the registry", "gone": "GONE"}
Wanted = Iterator[list[str]]
"""Words that have to stand together in one entry of the page."""


class Document:
    """The JSON of one page. `marks` are the page's own, by problem id; `every` is `-a`."""

    def __init__(self, told: Any, marks: Mapping[str, str], every: bool) -> None:
        self.told, self.marks, self.every = told, marks, every

    def field(self, field: dict[str, Any], found: str | list[str], none: str) -> list[str]:
        """By status: the words, `none`, or `unknown` with the mark that leads to the reason."""
        if field["status"] == "unknown":
            mark = self.marks[field["problem"]]
            assert mark, f"an unknown without a mark: {field}"
            return [f"unknown ({mark})"]
        if field["status"] == "none":
            return [none]
        return [found] if isinstance(found, str) else found

    def pulls(self, field: dict[str, Any], most: int = 5) -> list[str]:
        items = field.get("items", [])
        numbers = [f"#{pull['number']}" for pull in items[:most]]
        titles = [pull["title"] for pull in items[:most] if pull["title"]]
        return self.field(field, numbers + titles or ["no pull request"], "no pull request")

    def ci(self, field: dict[str, Any]) -> list[str]:
        word = LOUD.get(field.get("at_deploy", ""), field.get("at_deploy", ""))
        if word == "raced" and field["outcome"]:
            ended = {"success": "green", "failure": "red"}.get(field["outcome"], field["outcome"])
            word = f"raced, then {ended}"
        return self.field(field, word, "none")

    def wanted(self) -> Wanted:
        """Everything that the page has to say."""
        yield from self.header()
        command = self.told["command"]
        if command not in ("has", "history"):
            yield from self.findings()
        if command == "ps":
            yield from self.change()
            yield from (list(self.row(one)) for one in self.told["containers"] if self.shown(one))
            yield from self.unmanaged()
        elif command == "show":
            for one in self.told["containers"]:
                yield from self.chain(one)
        else:
            yield from getattr(self, command.replace("-", "_"))()

    def header(self) -> Wanted:
        head = ["complete" if self.told["complete"] else "NOT COMPLETE", self.told["taken_at"]]
        yield head + [engine["context"] for engine in self.told["engines"]]
        for engine in self.told["engines"]:
            here = engine["name"] if engine["status"] == "ok" else "UNREACHABLE"
            yield [here, engine["context"], f"chosen by {engine['chosen_by']}"]

    def findings(self) -> Wanted:
        for finding in self.told["findings"]:
            name, said = finding["container"], finding["message"]
            brief = self.told["command"] == "diff"
            told = [finding["severity"], finding["code"], said.removeprefix(name).strip()]
            hint = [] if brief or not finding["hint"] else [finding["hint"]]
            own = [name] if said.startswith(name) and not brief else []
            yield [*told, finding["service"], *own, *hint]

    def change(self) -> Wanted:
        change = self.told["newest_change"]
        if change:
            shas = [sha[:12] for sha in (change["from_sha"], change["to_sha"]) if sha]
            missing = [] if change["from_sha"] else ["what ran before is not known"]
            moved = "went back" if change["back"] else "changed"
            yield [change["service"], moved, *shas, *missing]
            yield [change["service"], moved, *self.pulls(change["pull_requests"], 8)]

    def shown(self, one: dict[str, Any]) -> bool:
        """A page of services has no row for what does not run, or is not ours."""
        return self.every or (one["managed"] and one["state"] in ("running", "restarting"))

    def row(self, one: dict[str, Any]) -> Iterator[str]:
        yield one["service"] or one["name"]
        if self.every:
            yield one["name"]
        if not one["managed"]:
            yield from (one["image"]["reference"], self.state(one), *self.identified(one))
            return
        revision = one["revision"].get("sha", "")[:12]
        yield from self.field(one["revision"], [revision, *self.version(one)], "no revision")
        yield self.proof(one)
        yield self.state(one)
        yield from self.ci(one["ci"])
        yield from self.field(one["built"], self.position(one["built"]), "none")
        yield from self.pulls(one["pull_requests"])
        if not one["pull_requests"].get("items") and one["commit"]["status"] != "unknown":
            yield from self.field(one["commit"], one["commit"].get("subject", ""), "no commit")
        if self.every or one["deployed_at"]["status"] != "found":
            yield from self.field(one["deployed_at"], one["deployed_at"].get("at", ""), "never")

    def unmanaged(self) -> Wanted:
        """Where nothing is managed, a row for each that says what it is, and the way on."""
        if any(one["managed"] for one in self.told["containers"]):
            return
        for one in self.told["containers"]:
            if one["identified"] and not self.every:
                yield [one["service"], self.state(one), *self.identified(one)]
        some = "nothing here was judged" if self.told["containers"] else "nothing was judged"
        silent = any(engine["status"] != "ok" for engine in self.told["engines"])
        yield ["unknown: not every engine answered" if silent else some]

    def identified(self, one: dict[str, Any]) -> list[str]:
        if not one["identified"]:
            return []
        return [one["claims"][0]["sha"][:12], *self.version(one), one["identified"]]

    def version(self, one: dict[str, Any]) -> list[str]:
        return [one["version"]["text"]] if one["version"]["status"] == "found" else []

    def proof(self, one: dict[str, Any]) -> str:
        status: str = one["proof"]["status"]
        return LOUD.get(status, status)

    def state(self, one: dict[str, Any]) -> str:
        if one["state"] == "running":
            return STATES[one["health"]]
        if one["state"] == "restarting":
            return "RESTARTING"
        return f"{one['state']} {one['exit_code']}" + (" (out of memory" * bool(one["oom_killed"]))

    def position(self, built: dict[str, Any]) -> str:
        if built.get("position") == "behind" and built["builds_behind"] is not None:
            return f"{built['builds_behind']} behind"
        return str(built.get("position"))

    def chain(self, one: dict[str, Any]) -> Wanted:
        yield ["service", one["service"]]
        yield ["state", self.state(one)]
        yield ["created", one["created_at"]]
        deployed, revision = one["deployed_at"], one["revision"]
        yield ["deployed", *self.field(deployed, [deployed.get("at", ""), "created"], "never")]
        for claim in one["claims"]:
            copied = ["copied"] if claim["copied"] else []
            yield ["claim", claim["sha"], claim["claimed_by"], *copied]
        if not one["claims"]:
            yield ["claim", "none: no label and no tag says which commit it is"]
        if one["version"]["status"] != "none":
            yield ["version", *self.field(one["version"], one["version"].get("text", ""), "")]
        by = [revision.get("sha", ""), f"by {revision.get('identified_by')}"]
        yield ["revision", *self.field(revision, by, "none")]
        yield ["proof", "could not look" if one["proof"]["problem"] else self.proof(one)]
        yield from (["found under", sha] for sha in one["proof"]["matching_shas"])
        yield [
            "repository",
            *self.field(one["repository"], one["repository"].get("name", ""), "none"),
        ]
        lost = "none: without a revision" if revision["status"] == "none" else ""
        yield from self.commit(one["commit"], lost or "no such commit")
        yield ["pull request", *([lost] if lost else self.shown_pulls(one["pull_requests"]))]
        at_deploy = one["ci"].get("at_deploy", "")
        yield ["CI at deploy", *self.field(one["ci"], at_deploy, "none")]
        for gate in one["ci"].get("gates", []):
            yield ["gate", gate["name"], gate["conclusion"], gate["finished_at"] or gate["name"]]
        yield ["image", one["image"]["reference"]]
        yield ["image id", one["image"]["id"]]
        yield from (["digest", digest] for digest in one["image"]["digests"])
        yield ["position", *self.field(one["built"], str(one["built"].get("position")), "none")]
        yield ["newest build", one["built"]["newest_sha"]] if "newest_sha" in one["built"] else []
        before = [one["previous"].get("sha", ""), one["previous"].get("evidence", "")]
        yield ["before", *self.field(one["previous"], before, "no earlier one found")]

    def shown_pulls(self, field: dict[str, Any]) -> list[str]:
        people = [pull["author"] for pull in field.get("items", [])]
        return [*self.pulls(field), *people]

    def commit(self, commit: dict[str, Any], none: str) -> Wanted:
        yield ["commit", *self.field(commit, commit.get("sha", ""), none)]
        if commit["status"] == "found":
            yield ["subject", commit["subject"], commit["source"]]
            yield ["author", commit["author"]]
            yield ["committed", commit["committed_at"]]
            yield ["branch", "on the default branch"]

    def diff(self) -> Wanted:
        for line in self.told["timelines"]:
            yield [
                line["repository"],
                *line["services"],
                line["default_branch"] or line["repository"],
            ]
            never = line["merged_never_built"]
            for entry in line["entries"]:
                yield list(self.entry(entry, never.get("items", [])))
            for what in ("built, not deployed", "merged, never built", "running without a tag"):
                field = line[what.replace(", ", "_").replace(" a ", " ").replace(" ", "_")]
                if isinstance(field, list):
                    unknown = {"status": "unknown", "problem": line["problem"]}
                    lost = bool(line["problem"]) and not field
                    field = unknown if lost else {"status": "found", "items": field}
                told = self.field(field, self.listed(what, field.get("items", [])), "")
                yield [what, *told]

    def entry(self, entry: dict[str, Any], never: list[str]) -> Iterator[str]:
        yield entry["sha"][:12]
        yield from self.field(
            entry["built"], "built", "never built" if entry["sha"] in never else "not built"
        )
        yield from ([":latest"] if entry["latest"] else [])
        yield from (on["container"] for on in entry["running_on"])
        yield from self.pulls(entry["pull_requests"])
        yield entry["committed_at"]

    def listed(self, what: str, shas: list[str]) -> list[str]:
        more = [f"{len(shas) - 6} more"] if len(shas) > 6 else []
        count = f"{what}: {len(shas) or 'none'}"
        return [count, *(sha[:12] for sha in shas[:6]), *more]

    def has(self) -> Wanted:
        told = self.told
        resolved = told["resolved"]
        named = [sha[:12] for sha in resolved.get("shas", [])]
        yield [told["ref"], *self.field(resolved, named, "NOT FOUND")]
        for key in ("live", "not_live", "unknown_at"):
            for one in told[key]:
                yield [one["service"], one["container"], one["engine"], *self.verdict(key, one)]
        total = sum(len(told[key]) for key in ("live", "not_live", "unknown_at"))
        if told["live"]:
            yield [f"in {len(told['live'])} of {total} containers"]

    def verdict(self, key: str, one: dict[str, Any]) -> list[str]:
        revision = one["sha"][:12] or "no revision"
        if key == "not_live":
            return [revision, "no"]
        if key == "unknown_at":
            said = "contains it, perhaps reverted" if one["by"] else "cannot say"
            mark = self.marks[one["problem"]] if one["problem"] else ""
            return [revision, f"{said} ({mark})" if mark else said]
        if one["reverted_by"]:
            return [revision, f"REVERTED by {one['reverted_by'][:12]}"]
        return [revision, "yes, this commit" if one["by"] == "same" else "yes, contains it"]

    def history(self) -> Wanted:
        for spell in self.told["entries"]:
            revision = spell["sha"][:12] or "no revision"
            gone = {"running": "now", "ended": "gone, last seen", "not-known": "not known"}
            ended = spell["until"] or gone[spell["ended"]]
            yield [
                spell["service"],
                spell["engine"],
                revision,
                spell["from"],
                ended,
                spell["evidence"],
            ]
        yield [f"covers {self.told['covers_since']}"]
        changed, restarted = self.told["changed"], self.told["restarted"]
        yield ["changed since", ", ".join(changed)] if changed else []
        yield ["restarted, same revision", ", ".join(restarted)] if restarted else []

    def rollback_plan(self) -> Wanted:
        running = self.told["running"]
        runs = self.field(running, running.get("sha", "")[:12], "no revision")
        yield [f"{self.told['service']} runs", *runs]
        if self.told["problem"]:
            some = bool(self.told["candidates"])
            yield ["there may be more builds than these" if some else "no build found"]
        for one in self.told["candidates"]:
            rank = f"{one['rank']} TAKE THIS" if one["recommended"] else str(one["rank"])
            concerns = [f"{concern['code']}: {concern['message']}" for concern in one["concerns"]]
            told = [rank, one["sha"][:12], IMAGES[one["image"]], one["digest"], one["subject"]]
            yield [*told, *self.ci(one["ci"]), *self.pulls(one["leaves"]), *concerns, one["change"]]
