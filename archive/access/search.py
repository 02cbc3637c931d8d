"""A `Query` as tantivy understands it."""

from __future__ import annotations

from datetime import date

import tantivy

from archive.access.query import LARGEST_SEQ, Query, Ranking
from archive.access.tokens import Phrase, phrase_tokens

#: Where words are looked for, and how much a find there weighs: a notice's own number is worth
#: more than being cited, a title more than a body.
WEIGHTS = {"number": 12.0, "title": 5.0, "issuer": 2.0, "text": 1.0, "file": 0.5}


def to_tantivy(schema: tantivy.Schema, query: Query) -> tantivy.Query | None:
    """The query in tantivy's terms; None when its words hold nothing that can be found."""
    wanted = [phrase_tokens(phrase) for phrase in query.phrases]
    phrases = [phrase for phrase in wanted if phrase is not None]
    if query.text and not phrases:
        return None
    musts = [_anywhere(schema, phrase) for phrase in phrases]
    if query.body is not None:
        body = phrase_tokens(query.body)
        if body is None:
            return None
        musts.append(_in_field(schema, "issuer", body))
    musts += _filters(schema, query)
    musts.append(everything(schema, before=query.before))
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, must) for must in musts])


def everything(schema: tantivy.Schema, *, before: int | None = None) -> tantivy.Query:
    """All notices (and nothing else that is in the index), weighing nothing."""
    upper = LARGEST_SEQ if before is None else before - 1
    if upper < 1:
        return tantivy.Query.empty_query()
    return tantivy.Query.const_score_query(_range(schema, "arrival", 1, upper), 0.0)


def order_field(query: Query) -> str | None:
    """The field that orders the hits; None for relevance."""
    if query.order is Ranking.RELEVANCE and query.phrases:
        return None
    return "arrival"


def _anywhere(schema: tantivy.Schema, phrase: Phrase) -> tantivy.Query:
    places = [
        (
            tantivy.Occur.Should,
            tantivy.Query.boost_query(_in_field(schema, field, phrase), weight),
        )
        for field, weight in WEIGHTS.items()
    ]
    return tantivy.Query.boolean_query(places)


def _in_field(schema: tantivy.Schema, field: str, phrase: Phrase) -> tantivy.Query:
    tokens: list[str | tuple[int, str]] = list(phrase.tokens)
    if not phrase.is_open:
        if len(tokens) == 1:
            return tantivy.Query.term_query(schema, field, phrase.tokens[0], index_option="freq")
        return tantivy.Query.phrase_query(schema, field, tokens)
    # Tokens hold letters and digits only, so as regular expressions they mean themselves. A
    # phrase-prefix query would stop at 50 endings, and 号 begins more bigrams than that.
    beginning = phrase.tokens[-1] + ".?"
    if len(tokens) == 1:
        return tantivy.Query.regex_query(schema, field, beginning)
    tokens[-1] = beginning
    return tantivy.Query.regex_phrase_query(schema, field, tokens)


def _filters(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    exact = {
        "region": query.region,
        "level": query.level,
        "source": query.source,
        "kind": query.kind,
        "topic": query.topic,
    }
    found = [
        tantivy.Query.term_query(schema, field, value, index_option="basic")
        for field, value in exact.items()
        if value is not None
    ]
    for field, first, last in (
        ("written", query.written_from, query.written_to),
        ("published", query.published_from, query.published_to),
    ):
        if first is not None or last is not None:
            lower, upper = first or date.min, last or date.max
            found.append(_range(schema, field, _day(lower), _day(upper)))
    return [tantivy.Query.const_score_query(query, 0.0) for query in found]


def _range(schema: tantivy.Schema, field: str, lower: int, upper: int) -> tantivy.Query:
    return tantivy.Query.range_query(schema, field, tantivy.FieldType.Unsigned, lower, upper)


def _day(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
