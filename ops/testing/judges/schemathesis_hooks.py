"""Corrects generated values that are valid by the description, but not together, which OpenAPI cannot express."""

import schemathesis
from schemathesis.core.parameters import ParameterLocation

DAYS = {"startDate", "endDate", "period"}
COMPARED = {"compareStartDate", "compareEndDate"}
# Larger pages of figures may cost more than an operation is allowed to.
LARGEST_PAGE = 20


def is_valid(case, location):
    """Whether the part of the request was generated to be valid."""
    info = case.meta.components.get(location) if case.meta else None
    return info is None or info.mode.is_positive


def complete(values):
    """Makes days one of their two forms, and removes what depends on another value."""
    if DAYS & values.keys():
        for name in DAYS:
            values.pop(name, None)
        values["period"] = "last_7d"
    if "orderBy" not in values:
        for name in ("direction", "orderValue", "orderByValue"):
            values.pop(name, None)
    # A post is of one period.
    if "POST" in values.get("groupBy", ()):
        for name in ("compareTo", *COMPARED):
            values.pop(name, None)
    # Both days of a comparison, which are not after today, or its name.
    if COMPARED & values.keys():
        values.pop("compareTo", None)
        values.update(compareStartDate="2026-09-01", compareEndDate="2026-09-07")
    # The first day of a month.
    if "month" in values:
        values["month"] = f"{str(values['month'])[:7]}-01"


def names_fields(case, value):
    """Whether a value of `fields` is valid, however it was generated."""
    for parameter in case.operation.query:
        if parameter.name == "fields" and value is not None:
            names = value if isinstance(value, list) else str(value).split(",")
            known = parameter.definition["schema"]["items"]["enum"]
            return all(name in known for name in names)
    return False


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Makes parts that were generated to be valid consistent; invalid ones stay as they are."""
    query = case.query
    if query is not None and is_valid(case, ParameterLocation.QUERY):
        if "period" in {parameter.name for parameter in case.operation.query}:
            query.setdefault("period", "last_7d")
        complete(query)
        # Cursors are opaque; providers, currencies, plans and types of events are data.
        query.pop("after", None)
        if "currency" in query:
            query["currency"] = "EUR"
        if "provider" in query:
            query["provider"] = "google-ads"
        if "eventType" in query:
            query["eventType"] = "report.ready"
        if "planId" in query:
            query["planId"] = "pro"
        if "first" in query:
            query["first"] = min(int(query["first"]), LARGEST_PAGE)
        # Sections are data of a report; the others are of CSV files alone.
        query.pop("section", None)
        if (case.path_parameters or {}).get("format", "csv") != "csv":
            for name in ("for", "locale"):
                query.pop(name, None)
        # Each dimension once.
        if isinstance(query.get("dimension"), list):
            query["dimension"] = list(dict.fromkeys(query["dimension"]))
    if query is not None and names_fields(case, query.get("fields")):
        # Answers lack properties that are required without it: the product's own tests have that.
        del query["fields"]
    if isinstance(case.body, dict) and is_valid(case, ParameterLocation.BODY):
        complete(case.body)
