"""Reads the files of a report as others do, and compares every cell with the report: python read_spreadsheets.py expected.json
report.csv excel.csv report.xlsx saved-again.xlsx"""

import csv
import datetime
import decimal
import json
import re
import sys
import warnings

import openpyxl
import pandas

csv.field_size_limit(10_000_000)
NUMBERS = {"INTEGER", "DECIMAL", "MONEY", "PERCENT"}
FORMULA = re.compile(r"""((?:^|[,;|\t\n\r])[,;|\s"]*)'(?='*[=+\-@＝＋－＠])""")
CONTINUED = re.compile(r"^[A-Z]{1,3}→ …")


def fail(where, found, wanted):
    raise SystemExit(f"{where}: {str(found)[:200]!r} is not {str(wanted)[:200]!r}")


def unescape(text):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def is_same(found, wanted):
    """Whether a text is the one wanted: openpyxl leaves escapes of cells, and of shared strings takes out half of them."""
    escaped = re.sub(r"[\x00-\x08\x0b-\x1f]", lambda match: f"_x{ord(match[0]):04x}_", wanted)
    return unescape(found) == wanted or found == escaped


def check_cell(where, found, wanted, kind):
    if wanted is None:
        if found is not None:
            fail(where, found, wanted)
    elif isinstance(found, datetime.datetime):
        if kind != "DATE" or found.date().isoformat() != wanted:
            fail(where, found, wanted)
    elif isinstance(found, (int, float)) and not isinstance(found, bool):
        exact = decimal.Decimal(wanted)
        if kind not in NUMBERS or decimal.Decimal(format(found, ".15g")) != exact:
            fail(where, found, wanted)
    elif not isinstance(found, str):
        fail(where, type(found), wanted)
    elif kind in NUMBERS and len(re.sub(r"[-.]", "", wanted).lstrip("0")) <= 15:
        fail(f"{where} is text", found, wanted)
    elif kind == "DATE":
        fail(f"{where} is no date", found, wanted)
    elif not is_same(found, wanted):
        fail(where, found, wanted)


def whole_text(row, index):
    """The text of a cell, with what continues behind the checks."""
    text = row[index]
    if not isinstance(text, str) or len(text.encode("utf-16-le")) < 62_000:
        return text
    match = re.search(r" … →([A-Z]+)$", text)
    if not match:
        return text
    start = openpyxl.utils.column_index_from_string(match[1]) - 1
    pieces = [piece for piece in row[start:] if isinstance(piece, str) and CONTINUED.match(piece)]
    return text[: match.start()] + "".join(CONTINUED.sub("", piece, count=1) for piece in pieces)


def check_workbook(path, sections, charts):
    with warnings.catch_warnings():
        if charts is None:
            # LibreOffice keeps the days of charts as text, which openpyxl says.
            warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    names = book.sheetnames
    tables = [section for section in sections if section["columns"]]
    if len(names) != len(tables) + 3:
        fail(path, names, "a sheet for each section, and three")
    if charts is not None and len(book[names[0]]._charts) != charts:
        fail(f"{path} charts", len(book[names[0]]._charts), charts)
    for name, section in zip(names[1:], tables):
        sheet = book[name]
        if any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row):
            fail(f"{path} {name}", "a formula", "none")
        if charts is not None and sheet.freeze_panes != "A2":
            fail(f"{path} {name}", sheet.freeze_panes, "a frozen head")
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        if rows[0][: len(section["headings"])] != section["headings"]:
            fail(f"{path} {name}", rows[0], section["headings"])
        for number, wanted in enumerate(section["rows"], 1):
            for index, column in enumerate(section["columns"]):
                where = f"{path} {name} row {number + 1} {column['key']}"
                check_cell(where, whole_text(rows[number], index), wanted[index], column["kind"])
        # pandas has the same rows.
        if charts is None:
            continue
        frame = pandas.read_excel(path, sheet_name=name, dtype=object, keep_default_na=False, nrows=len(section["rows"]))
        if len(frame) != len(section["rows"]):
            fail(f"{path} {name} by pandas", len(frame), len(section["rows"]))


def check_csv(path, sections, separator, mark, encoding):
    with open(path, encoding=encoding, newline="") as file:
        rows = list(csv.DictReader(file, delimiter=separator, strict=True))
    frame = pandas.read_csv(path, sep=separator, dtype=str, keep_default_na=False, encoding=encoding)
    if len(frame) != len(rows):
        fail(f"{path} by pandas", len(frame), len(rows))
    for section in sections:
        own = [row for row in rows if row["section"] == section["id"]]
        if len(own) != len(section["rows"]):
            fail(f"{path} {section['id']}", len(own), len(section["rows"]))
        for row, wanted in zip(own, section["rows"]):
            for column, cell in zip(section["columns"], wanted):
                text = row[column["key"]]
                found = FORMULA.sub(r"\1", text)
                if column["kind"] in NUMBERS:
                    found = text.replace(mark, ".")
                if found != (cell or ""):
                    fail(f"{path} {section['id']} row {row['row']} {column['key']}", found, cell)


def main(expected, plain, excel, workbook, saved_again):
    with open(expected, encoding="utf-8") as file:
        report = json.load(file)
    check_csv(plain, report["sections"], ",", ".", "utf-8")
    check_csv(excel, report["sections"], ";", ",", "utf-8-sig")
    check_workbook(workbook, report["sections"], report["charts"])
    check_workbook(saved_again, report["sections"], None)


main(*sys.argv[1:])
