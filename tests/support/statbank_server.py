"""A StatBank on loopback that answers as the API is documented, and can be told to answer badly."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from typing import Any

BOM = b"\xef\xbb\xbf"

#: HAND07 for three kommuner: 0, an empty cell and «..» are all there, and none is another.
FIGURES: Mapping[tuple[str, ...], str] = {
    ("665", "30011", "2020K1"): "160",
    ("665", "30011", "2020K2"): "157",
    ("665", "31182", "2020K1"): "0",
    ("665", "31182", "2020K2"): "",
    ("665", "31201", "2020K1"): "..",
    ("665", "31201", "2020K2"): "122",
    ("183", "30011", "2020K1"): "9",
    ("183", "30011", "2020K2"): "9",
    ("183", "31182", "2020K1"): "0",
    ("183", "31182", "2020K2"): "0",
    ("183", "31201", "2020K1"): "1",
    ("183", "31201", "2020K2"): "0",
    ("187", "30011", "2020K1"): "2",
    ("187", "30011", "2020K2"): "2",
    ("187", "31182", "2020K1"): "0",
    ("187", "31182", "2020K2"): "0",
    ("187", "31201", "2020K1"): "0",
    ("187", "31201", "2020K2"): "0",
}


#: The variables of the tables that have others than HAND07's, and the texts of their values.
NAMES: Mapping[str, tuple[str, ...]] = {
    "FOLK1A": ("OMRÅDE", "KØN", "ALDER", "CIVILSTAND", "Tid"),
    "REGK31": ("OMRÅDE", "FUNKTION", "DRANST", "ART", "PRISENHED", "Tid"),
}
TEXTS: Mapping[str, str] = {
    "TOT": "I alt", "IALT": "Alder i alt", "LOBM": "Løbende priser (1.000 kr.)", "INDL": "Pr. indbygger, løbende priser (kr.)",
}  # fmt: skip
#: Values whose text is another in one table, as StatBank has them.
TEXTS_OF: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("REGK31", "ART"): {"TOT": "I alt (netto)", "UE": "Bruttoudgifter", "I": "Indtægter"},
    ("REGK31", "DRANST"): {"1": "1 Driftskonti", "2": "2 Statsrefusion", "3": "3 Anlægskonti"},
}
#: The inhabitants and the accounts of two kommuner and the country, with what is not to be asked for among them.
FOLK1A: dict[tuple[str, ...], str] = {
    (area, sex, age, state, period): str(10 if (sex, state) == ("TOT", "TOT") else 5)
    for area in ("000", "665", "615")
    for sex in ("TOT", "1", "2")
    for age in ("IALT", *map(str, range(126)))
    for state in ("TOT", "U")
    for period in ("2020K2", "2020K3")
}
REGK31: dict[tuple[str, ...], str] = {
    (area, function, dranst, art, price, year): "0"
    if dranst == "3"
    else f"{int(function) % 100}{'' if area == '665' else '0'}"
    for area in ("000", "665", "615")
    for function in ("2201", "53839", "53850", "53852")
    for dranst in ("1", "2", "3")
    for art in ("TOT", "UE", "I")
    for price in ("LOBM", "INDL")
    for year in ("2019", "2020")
}


class StatBank:
    """The server. ``faults`` are used up, one per request, before it answers well; ``asked`` is what it was asked."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[str, ...], str]] = {"HAND07": {**FIGURES}}
        self.without_area: set[str] = set()
        self.faults: deque[str] = deque()
        self.asked: list[tuple[str, Any]] = []
        self.agents: list[str] = []
        bank = self

        class Handler(_Handler):
            statbank = bank

        self.server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def stop(self) -> None:
        """Close the door: from now on nothing answers."""
        self.server.shutdown()
        self.server.server_close()


def variables(cells: Mapping[tuple[str, ...], str], name: str) -> dict[str, list[str]]:
    names = NAMES.get(name, ("OMRÅDE", "YDELSESTYPE", "Tid"))
    return {name: list(dict.fromkeys(key[i] for key in cells)) for i, name in enumerate(names)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_arguments: object) -> None:
        """A client that hung up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    statbank: StatBank
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self._json(405, {"errorTypeCode": "REQUEST-METHOD", "message": "Kun POST i denne prøve"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        function = self.path.rsplit("/", 1)[-1]
        question = json.loads(body.decode("utf-8"))
        self.statbank.asked.append((function, question))
        self.statbank.agents.append(self.headers["User-Agent"])
        fault = self.statbank.faults.popleft() if self.statbank.faults else ""
        if fault and fault != "ok":
            _badly(self, fault, function, question)
        elif function == "tableinfo":
            self._tableinfo(question)
        else:
            self._data(question)

    def _tableinfo(self, question: Any) -> None:
        cells = self.statbank.tables.get(question.get("table", ""))
        if cells is None:
            self._json(400, {"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Tabellen blev ikke fundet"})
            return
        made = [
            {"id": name, "text": name.lower(), "elimination": False, "time": name == "Tid", "values": values}
            for name, codes in variables(cells, question["table"]).items()
            for texts in [{**TEXTS, **TEXTS_OF.get((question["table"], name), {})}]
            for values in [[{"id": code, "text": texts.get(code, f"tekst {code}")} for code in codes]]
            if not (name == "OMRÅDE" and question["table"] in self.statbank.without_area)
        ]
        title = "Modtagere af handicapydelser efter område, ydelsestype og tid"
        updated = "2025-06-25T08:00:00"
        self._json(200, {"id": question["table"], "text": title, "updated": updated, "active": True, "variables": made})

    def _data(self, question: Any) -> None:
        cells = self.statbank.tables[question["table"]]
        chosen = {v["code"].casefold(): v["values"] for v in question["variables"]}
        for name, codes in variables(cells, question["table"]).items():
            if name.casefold() not in chosen:
                message = f"Der skal vælges værdier for variabel: {name}"
                self._json(400, {"errorTypeCode": "EXTRACT-NOTALLOWED", "message": message})
                return
            if unknown := set(chosen[name.casefold()]) - set(codes):
                message = f"Værdien blev ikke fundet: {min(unknown)} ({name})"
                self._json(400, {"errorTypeCode": "EXTRACT-NOTFOUND", "message": message})
                return
        if question["format"] == "BULK":
            self._chunked([part.encode() for part in table(cells, question).decode().splitlines(keepends=True)])
        else:
            self._send(200, table(cells, question), "text/csv; charset=utf-8")

    def _json(self, status: int, body: object, **headers: str) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", **headers)

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _chunked(self, parts: Sequence[bytes], end: bytes = b"0\r\n\r\n") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/csv; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in parts:
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(end)


def table(cells: Mapping[tuple[str, ...], str], question: Any) -> bytes:
    """The body of an answer: BULK leaves out what is 0."""
    chosen = {v["code"].casefold(): v["values"] for v in question["variables"]}
    rows = [
        [*key, cells[key]]
        for key in product(*(chosen[name.casefold()] for name in variables(cells, question["table"])))
        if not (question["format"] == "BULK" and cells[key] == "0")
    ]
    lines = [
        ";".join(row) + "\r\n"
        for row in [[*(n.upper() for n in variables(cells, question["table"])), "INDHOLD"], *rows]
    ]
    return BOM + "".join(lines).encode()


def _badly(handler: _Handler, fault: str, function: str, question: Any) -> None:
    """One bad answer."""
    name, _colon, argument = fault.partition(":")
    full = table(handler.statbank.tables["HAND07"], question) if function == "data" else b"{}"
    handler.close_connection = True
    if name.isdigit():
        handler._json(int(name), {"message": "Serveren har travlt"}, **({"Retry_After": argument} if argument else {}))
    elif name == "redirect":
        handler._send(int(argument[:3]), b"", "text/plain", Location=argument[4:])
    elif name == "body":
        handler._send(200, argument.encode("utf-8", "surrogateescape"), "text/csv")
    elif name == "slow":
        time.sleep(float(argument))
    elif name == "cut-chunk":
        handler._chunked([full[: len(full) // 2]], end=b"")
    else:
        _partly(handler, name, full)


def _partly(handler: _Handler, name: str, full: bytes) -> None:
    """An answer whose end does not come, comes late, or cannot be known."""
    handler.send_response(200)
    if name != "no-length":
        handler.send_header("Content-Length", str(len(full)))
    handler.end_headers()
    if name == "drip":
        for byte in full[:40]:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)
        return
    handler.wfile.write(full if name == "no-length" else full[: len(full) // 2])
    if name == "reset":
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
