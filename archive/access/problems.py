"""Errors as answers: problem JSON for programs (RFC 9457), a page for people."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from archive.access.pages import render_error
from archive.errors import HongtouError, StorageError

log = logging.getLogger(__name__)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of ours, of the framework, and of nobody's expectation."""
    app.add_exception_handler(HongtouError, _ours)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, HongtouError)
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s: %s", request.url.path, error)
    answer = problem(request, error.http_status, _said(error))
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _said(error: HongtouError) -> str:
    """What a stranger reads: a storage error names this machine's folders or the store's address,
    which are for its operator alone and stand in the log."""
    if isinstance(error, StorageError):
        return f"{(type(error).__doc__ or '').strip()} {type(error).next_step}".strip()
    return str(error)


async def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = problem(request, error.status_code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = [f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors()]
    return problem(request, HTTPStatus.BAD_REQUEST, "; ".join(said)[:1000])


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s could not be answered.", request.url.path, exc_info=error)
    detail = "Something went wrong here; it has been logged."
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def problem(request: Request, status: int, detail: str) -> Response:
    """The answer that says what went wrong, for whoever asked."""
    title = HTTPStatus(status).phrase
    if request.url.path.startswith(("/api/", "/feeds/")):
        said = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JSONResponse(said, status_code=status, media_type="application/problem+json")
    return render_error(request, status, title, detail)
