"""Templates: what they may hold, and that nothing gets out of them."""

from datetime import UTC, datetime

import pytest

from libs.worktime.zones import load_zone
from services.notify.domain.defaults import EXAMPLES, LANGUAGES, shipped
from services.notify.domain.wording import Unfit, Wording, date_words

ANSWERED = EXAMPLES["answered"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_what_comes_with_the_product_is_fit(language: str, kind: str) -> None:
    wording = shipped(language)[kind]
    wording.check(EXAMPLES[kind])
    assert "{{" not in wording.filled(EXAMPLES[kind]).body


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ticket.__class__ }}",
        "{{ ticket['__class__'] }}",
        "{{ ticket|attr('__class__') }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ ticket.items() }}",
        "{{ message.format(message) }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ 2 ** 100000000 }}",
        "{{ message|center(1000000000) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ message|map('upper')|list }}",
        "{{ range(1000000000) }}",
        "{% for a in message %}{% for b in message %}x{% endfor %}{% endfor %}",
        "{% set x = 1 %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% block b %}{% endblock %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% raw %}{% endraw %}{{ nothing }}",
        "{{ message is callable }}",
        "{{ ticket.password }}",
        "{{ undefined_name }}",
        "{{ message[0:1] }}",
        "{{ (message, message) }}",
        "{{ [message] }}",
        "{{",
        "{% if %}",
        "{{ " + "(" * 5000 + ")" * 5000 + " }}",
    ],
)
def test_nothing_gets_out_of_a_template(escape: str) -> None:
    with pytest.raises(Unfit):
        Wording("S", escape).check(ANSWERED)
    with pytest.raises(Unfit):
        Wording("S", escape).filled(ANSWERED)  # nor if it were kept all the same


def test_what_is_wrong_is_said_with_its_place() -> None:
    with pytest.raises(Unfit, match="body, line 2: there is no priority here"):
        Wording("S", "Hello\n{{ ticket.priority }}").check(ANSWERED)


def test_a_subject_is_one_line() -> None:
    values = {**ANSWERED, "message": "one\r\nBcc: everybody@example.com"}
    assert Wording("{{ message }}", "B").filled(values).subject == "one Bcc: everybody@example.com"


def test_what_people_wrote_is_no_template() -> None:
    values = {**ANSWERED, "message": "{{ ticket.number }}"}
    assert Wording("S", "{{ message }}").filled(values).body == "{{ ticket.number }}"


def test_instants_are_told_in_words() -> None:
    instant = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert date_words(instant, "en", load_zone("Europe/Berlin")) == "5 January 2026, 10:00 (CET)"
    assert date_words(instant, "ru", load_zone("UTC")) == "5 января 2026, 09:00 (UTC)"
