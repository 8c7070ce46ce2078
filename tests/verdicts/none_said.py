"""What a JSON document says wrongly, held against that of a look at which nothing was lost.

A loss may turn what was told into unknown, and nothing else: not into another value, and not into
none, be that `"status": "none"` or one of the words and lists that say the same in disguise.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Fields = Mapping[str, Any]

FREE = frozenset({"problem", "problems", "engines", "complete", "source", "evidence", "reason",
                  "latest_problem", "taken_at", "outcome", "gates"})  # fmt: skip
"""Keys that say how something is known, or why it is not."""
MAY_BE_EMPTY = frozenset({
    "on_default_branch", "builds_behind", "commits_behind", "newest_sha", "latest_sha", "url",
    "exit_code", "oom_killed", "restart_count", "started_at", "finished_at", "author", "merged_by",
    "merged_at", "platform", "digests", "repository", "default_branch", "subject", "committed_at",
    "digest", "from_sha", "change", "registry_digest", "reference",
})  # fmt: skip
"""Keys whose empty value means that it is not known."""
SPARE = frozenset({"previous"})
"""Answers without which a look is complete: an engine forgets."""


class Comparison:
    """Two documents: `wrong` is what the second says wrongly, `less` what it tells no longer."""

    def __init__(self, before: Fields, after: Fields, *, moved: bool = False) -> None:
        self.wrong: list[str] = []
        self.less: list[str] = []
        self.moved = moved
        self._record("", before, after)
        if after["complete"]:
            self.wrong += [f"complete, although: {place}" for place in self.less]

    def _record(self, place: str, before: Fields, after: Fields) -> None:
        for key in before:
            if key not in FREE:
                self._field(f"{place}.{key}", key, before, after)

    def _field(self, place: str, key: str, before: Fields, after: Fields) -> None:
        own = getattr(self, f"_{key}", None)
        old, new = before[key], after.get(key)
        if own:
            own(place, before, after)
        elif isinstance(old, Mapping) and "status" in old and isinstance(new, Mapping):
            self._answer(place, key, old, new)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            self._record(place, old, new)
        elif old != new and not (key in MAY_BE_EMPTY and new in (None, "", [])):
            self.wrong.append(f"{place}: {old!r} became {new!r}")

    def _answer(self, place: str, key: str, old: Fields, new: Fields) -> None:
        was, now = old["status"], new["status"]
        if now == "unknown":
            if was != now and key not in SPARE:
                self.less.append(place)
            if was != now and "/unmanaged/" in new["problem"]:
                self.wrong.append(f"{place}: it is not managed")
        elif was == now == "found":
            self._record(place, old, {**old, **new} if key == "pull_requests" else new)
        elif was != now and not (was == "unknown" and now == "found"):
            self.wrong.append(f"{place}: {was} became {now}")

    def _at_deploy(self, place: str, old: Fields, new: Fields) -> None:
        if new["at_deploy"] not in (old["at_deploy"], "unknown"):
            self.wrong.append(f"{place}: {old['at_deploy']} became {new['at_deploy']}")

    def _items(self, place: str, old: Fields, new: Fields) -> None:
        mine, yours = ([_bare(item) for item in each["items"]] for each in (old, new))
        if mine != yours:
            self.wrong.append(f"{place}: {mine} became {yours}")

    def _proof(self, place: str, old: Fields, new: Fields) -> None:
        was, now = old["proof"], new["proof"]
        if now["status"] == "unknown":
            if was["status"] != "unknown":
                self.less.append(place)
        elif self.moved and (was["status"], now["status"]) == ("verified", "label-only"):
            pass  # it is what that word means: the registry has no such tag
        elif was["status"] == "unknown":
            if now["status"] in ("denied", "unlabelled", "differs", "label-only"):
                self.wrong.append(f"{place}: unknown became {now['status']}")
        else:
            self._record(place, was, now)

    def _managed(self, place: str, old: Fields, new: Fields) -> None:
        unknown = new["revision"].get("problem", "/unmanaged/")
        if old["managed"] != new["managed"] and (new["managed"] or "/unmanaged/" in unknown):
            self.wrong.append(f"{place}: {old['managed']} became {new['managed']}")

    def _identified(self, place: str, old: Fields, new: Fields) -> None:
        unknown = new["revision"].get("problem", "/unmanaged/")
        if old["identified"] != new["identified"] and "/unmanaged/" in unknown:
            self.wrong.append(f"{place}: {old['identified']} became {new['identified']}")

    def _claims(self, place: str, old: Fields, new: Fields) -> None:
        for claim in new["claims"]:
            if not any(said["sha"].startswith(claim["sha"]) for said in old["claims"]):
                self.wrong.append(f"{place}: {claim} is new")

    def _containers(self, place: str, old: Fields, new: Fields) -> None:
        self._each(place, "id", old["containers"], new["containers"])

    def _timelines(self, place: str, old: Fields, new: Fields) -> None:
        self._each(place, "repository", old["timelines"], new["timelines"])

    def _entries(self, place: str, old: Fields, new: Fields) -> None:
        if "covers_since" in old:
            self._part(place, [*map(str, old["entries"])], [*map(str, new["entries"])], told=False)
        else:
            told = bool(new["problem"])
            self._each(place, "sha", old["entries"], new["entries"], told=told, more=True)

    def _built_not_deployed(self, place: str, old: Fields, new: Fields) -> None:
        self._named(place, "built_not_deployed", old, new)

    def _running_without_tag(self, place: str, old: Fields, new: Fields) -> None:
        self._named(place, "running_without_tag", old, new)

    def _named(self, place: str, key: str, old: Fields, new: Fields) -> None:
        self._part(place, old[key], new[key], told=bool(new["problem"]))

    def _covers_since(self, place: str, old: Fields, new: Fields) -> None:
        if old["covers_since"] != new["covers_since"]:
            self.less.append(place)

    def _newest_change(self, place: str, old: Fields, new: Fields) -> None:
        was, now = old["newest_change"], new["newest_change"]
        if was and now:
            self._record(place, was, now)
        elif was:
            self.less.append(place)
        elif now:
            self.wrong.append(f"{place}: {now} is new")

    def _live(self, place: str, old: Fields, new: Fields) -> None:
        was, now = _judged(old), _judged(new)
        for where, row in was.items():
            if where not in now or now[where][0] == "unknown_at":
                self.less += [] if row[0] == "unknown_at" else [f"{place}: {where}"]
            elif now[where] != row:
                self.wrong.append(f"{place}: {row} became {now[where]}")
        self.wrong += [f"{place}: {where} is new" for where in now if where not in was]

    def _not_live(self, place: str, old: Fields, new: Fields) -> None:
        """With `live`."""

    _unknown_at = _not_live

    def _candidates(self, place: str, old: Fields, new: Fields) -> None:
        told = bool(new["problem"])
        self._each(place, "sha", old["candidates"], new["candidates"], told=told)

    def _rank(self, place: str, old: Fields, new: Fields) -> None:
        """The order follows from all the rest."""

    def _recommended(self, place: str, old: Fields, new: Fields) -> None:
        if new["recommended"] and not old["recommended"] and new["rank"] >= old["rank"]:
            self.wrong.append(f"{place}: recommended")

    def _image(self, place: str, old: Fields, new: Fields) -> None:
        if isinstance(old["image"], Mapping):
            self._record(place, old["image"], new["image"])
        elif new["image"] not in (old["image"], "unknown"):
            self.wrong.append(f"{place}: {old['image']} became {new['image']}")

    def _concerns(self, place: str, old: Fields, new: Fields) -> None:
        was, now = ({each["code"] for each in one["concerns"]} for one in (old, new))
        if extra := now - was - {"reverts-unknown"}:
            self.wrong.append(f"{place}: {extra} is new")
        unknown = "unknown" in (new["ci"]["status"], new["image"]) or "reverts-unknown" in now
        if was - now and not unknown:
            self.wrong.append(f"{place}: {was - now} is gone")

    def _findings(self, place: str, old: Fields, new: Fields) -> None:
        was, now = ([f"{each['code']} {each['container']}" for each in one["findings"]]
                    for one in (old, new))  # fmt: skip
        self._part(place, was, [one for one in now if not one.startswith("stale-clone")],
                   told=False)  # fmt: skip

    def _each(
        self, place: str, key: str, old: Sequence[Fields], new: Sequence[Fields], *,
        told: bool = False, more: bool = False,
    ) -> None:  # fmt: skip
        was, now = ({each[key]: each for each in one} for one in (old, new))
        self._part(place, [*was], [one for one in now if one in was or not more], told=told)
        for name in was.keys() & now.keys():
            self._record(f"{place}[{was[name].get('name', name)[:12]}]", was[name], now[name])

    def _part(self, place: str, old: Sequence[str], new: Sequence[str], *, told: bool) -> None:
        """A list may lack what nobody could tell, if it says so, and has nothing more."""
        self.wrong += [f"{place}: {one} is new" for one in new if one not in old]
        self.less += [f"{place}: {one} is gone" for one in old if one not in new and not told]


def _bare(item: Any) -> Any:
    return item.get("number", item) if isinstance(item, Mapping) else item


def _judged(has: Fields) -> dict[str, tuple[str, ...]]:
    return {
        f"{row['engine']}/{row['container']}": (kind, row["by"], row["reverted_by"])
        for kind in ("live", "not_live", "unknown_at")
        for row in has.get(kind, ())
    }


def nones(value: Any, place: str = "") -> Iterator[str]:
    """Every place of a document that says none: in its own word, or in disguise."""
    if isinstance(value, Mapping):
        if value.get("status") == "none" or value.get("position") == "not-built":
            yield place
        if value.get("at_deploy") == "no-run":
            yield place
        for key in value:
            yield from nones(value[key], f"{place}.{key}")
    elif isinstance(value, list):
        if not value:
            yield place
        for part in value:
            yield from nones(part, f"{place}[]")
