"""Prints the campaigns of the last 30 days, orders a report on them, waits for it, and saves it as CSV.

    WEBMETRICS_URL=http://localhost:8080 WEBMETRICS_API_KEY=... python report.py

The client is generated from /openapi.json: see ../manual/clients.md. The key has the scopes read:campaigns,
read:reports and write:reports.
"""

import os
import time
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from web_metrics_client import AuthenticatedClient
from web_metrics_client.api.figures import list_campaigns
from web_metrics_client.api.reports import download_report, generate_report, get_report
from web_metrics_client.models import DownloadReportFormat, GenerateReportBody, PeriodWord, Problem, ReportStatus

Answer = TypeVar("Answer")


def expect(answer: Answer | Problem | None) -> Answer:
    """Returns an answer, or ends the program with what is wrong."""
    if isinstance(answer, Problem):
        raise SystemExit(f"{answer.code}: {answer.detail} (request {answer.request_id})")
    if answer is None:
        raise SystemExit("The answer is none that the description names.")
    return answer


client = AuthenticatedClient(
    base_url=os.environ["WEBMETRICS_URL"], token=os.environ["WEBMETRICS_API_KEY"], timeout=30
)

campaigns = expect(list_campaigns.sync(client=client, period=PeriodWord.LAST_30D, first=10))
print(f"{campaigns.total_count} campaigns, of which the first are:")
for campaign in campaigns.data:
    cost = campaign.metrics and campaign.metrics.cost
    print(f"- {campaign.name}: {f'{cost.amount} {cost.currency}' if cost else 'no cost'}")
for missing in campaigns.unavailable:
    print(f"! {missing.account.name} cannot be read: {missing.message}")

# With the same key, an order sent again after a broken connection makes no second report.
order = GenerateReportBody(template_id="campaign-performance", period=PeriodWord.LAST_30D)
report = expect(generate_report.sync(client=client, body=order, idempotency_key=str(uuid4()))).data
while report.status in (ReportStatus.QUEUED, ReportStatus.RUNNING, ReportStatus.WAITING):
    time.sleep(1)
    report = expect(get_report.sync(report.id, client=client)).data
    print(f"{report.title}: {report.status}, {report.progress} %")
if report.status is not ReportStatus.READY:
    raise SystemExit(f"{report.failure.code}: {report.failure.message}" if report.failure else "The report failed.")

text = expect(download_report.sync(report.id, DownloadReportFormat.CSV, client=client))
Path("report.csv").write_text(text, encoding="utf-8")
print(f"report.csv has {len(text.splitlines()) - 1} rows.")
