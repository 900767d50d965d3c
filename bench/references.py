"""Bare Django views to measure the product against, behind the same middleware and server."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from diapason.kernel.permissions import public

TABLES = """
CREATE TABLE IF NOT EXISTS bench_row (id int PRIMARY KEY, name text, amount int, day date);
INSERT INTO bench_row SELECT n, 'row ' || n, n, date '2019-01-01' + n
    FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS bench_entry (id serial PRIMARY KEY, row_id int, amount int);
"""


@public
def hello(request: HttpRequest) -> HttpResponse:
    """The default middleware and nothing else."""
    return HttpResponse("hello")


@public
def row(request: HttpRequest) -> HttpResponse:
    """One indexed query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, amount, day FROM bench_row WHERE id = %s", [500])
        found = cursor.fetchone()
    return HttpResponse(" ".join(map(str, found)))


@public
def rows(request: HttpRequest) -> HttpResponse:
    """One query, a template of 20 rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, amount, day FROM bench_row ORDER BY id LIMIT 20")
        found = cursor.fetchall()
    return render(request, "bench/rows.html", {"rows": found})


@public
def post(request: HttpRequest) -> HttpResponse:
    """Lock, insert, update, commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        key = int(request.POST["row"])
        cursor.execute("SELECT amount FROM bench_row WHERE id = %s FOR UPDATE", [key])
        cursor.execute("INSERT INTO bench_entry (row_id, amount) VALUES (%s, 1)", [key])
        cursor.execute("UPDATE bench_row SET amount = amount + 1 WHERE id = %s", [key])
    return HttpResponse(status=302, headers={"Location": "/bench/row/"})


@public
def memory(request: HttpRequest) -> HttpResponse:
    """This worker's own memory, in MB: what it shares with the others is counted in part."""
    kept = Path("/proc/self/smaps_rollup").read_text()
    shared = next(line for line in kept.splitlines() if line.startswith("Pss:"))
    return JsonResponse({"pss_mb": int(shared.split()[1]) / 1024})
