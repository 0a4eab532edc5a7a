"""Mail to a real server on a socket: what is taken, refused, put off, and what nobody can know."""

import ssl
from email.message import EmailMessage

import pytest
import trustme

from mail import mail_server
from ringfence.core.errors import InputError, OutsideError
from ringfence.core.relay import Relay, Session
from ringfence.core.settings import Settings


def relay(server, **more):
    return Relay(more.pop("host", "127.0.0.1"), server.port, "desk@authority.test", **more)


def message(text="one\n.\n.two\n"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "desk@authority.test", "a@b.test", "通知"
    made.set_content(text)
    return made


def send(server, **more):
    with Session(relay(server, **more), timeout=5) as session:
        return session.send(message(), "a@b.test")


def test_what_the_server_takes_is_what_was_given():
    with mail_server() as server:
        answer = send(server)
        assert (answer.came, answer.said) == ("sent", "250 2.0.0 queued as 4711")
        (got,) = server.messages
        assert (
            got.get_content().split() == ["one", ".", ".two"]
            and got["Subject"] == "通知"
            and server.to == ["a@b.test"]
        )


@pytest.mark.parametrize(
    ("answers", "came", "over"),
    [
        ({"RCPT": ["550 5.1.1 nobody here"]}, "refused", False),
        ({"RCPT": ["451 4.7.1 greylisted"]}, "later", False),
        ({"DATA": ["554 not from you"]}, "refused", False),
        ({"TEXT": ["552 too long"]}, "refused", False),
        ({"TEXT": ["452 no room"]}, "later", False),
        ({"RCPT": ["421 going down"]}, "later", True),
        ({"RCPT": ["drop"]}, "later", True),
        ({"TEXT": ["drop"]}, "unknown", True),
    ],
)
def test_each_answer_is_one_of_four(answers, came, over):
    with mail_server(**answers) as server:
        answer = send(server)
        assert (answer.came, answer.over) == (came, over)
        assert answer.said and answer.said.isprintable()


def test_one_refused_recipient_does_not_stop_the_next():
    with mail_server(RCPT=["550 no"]) as server, Session(relay(server), timeout=5) as session:
        assert session.send(message(), "x@b.test").came == "refused"
        assert session.send(message(), "a@b.test").came == "sent"


def test_a_server_that_takes_nothing_from_us_says_nothing_of_a_recipient():
    with (
        mail_server(MAIL=["550 5.7.1 not you"]) as server,
        pytest.raises(OutsideError, match="takes no mail"),
    ):
        send(server)
    assert server.mails == []


def test_nobody_there(unused_port):
    with (
        pytest.raises(OutsideError, match="no mail can be given"),
        Session(Relay("127.0.0.1", unused_port, "a@b.test")),
    ):
        pass


@pytest.fixture
def unused_port():
    with mail_server() as server:
        return server.port


@pytest.fixture
def authority(tmp_path):
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    made.file = tmp_path / "ca.pem"
    return made


def context(authority, name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    return made


def test_tls_is_used_where_it_is_offered_and_the_name_is_checked(authority, tmp_path):
    with mail_server(context(authority, "127.0.0.1")) as server:
        assert send(server, ca=authority.file).came == "sent"
        assert send(server).came == "sent"  # loopback, and no authority named: encrypted nevertheless
        assert server.encrypted == [True, True]
    with mail_server(context(authority, "elsewhere.test")) as server:
        with pytest.raises(OutsideError, match="certificate"):
            send(server, ca=authority.file)
        with pytest.raises(OutsideError, match="no certificates in"):
            send(server, ca=tmp_path / "missing.pem")


def test_beyond_this_machine_nothing_goes_without_tls(monkeypatch):
    monkeypatch.setattr(Relay, "loopback", False)
    with mail_server() as server:
        with pytest.raises(OutsideError, match="offers no TLS"):
            send(server)
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)


def test_user_and_password_come_from_a_file_that_nobody_else_reads(tmp_path):
    file = tmp_path / "login"
    file.write_text("desk\nopen sesame\n")
    with mail_server(login=("desk", "open sesame")) as server:
        with pytest.raises(InputError, match="others can read"):
            send(server, credentials=file)
        file.chmod(0o600)
        assert send(server, credentials=file).came == "sent"
        file.write_text("desk\nwrong words\n")
        with pytest.raises(OutsideError) as refused:
            send(server, credentials=file)
        assert "wrong words" not in f"{refused.value} {refused.value.hint} {refused.value.__cause__}"
        with pytest.raises(OutsideError, match="takes no mail from"):
            send(server)  # it wants a login, and none is set
        file.write_text("desk\n")
        with pytest.raises(InputError, match="no user and password"):
            send(server, credentials=file)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"RINGFENCE_SMTP": "mail.test"}, "host:port"),
        ({"RINGFENCE_SMTP": "mail.test:0"}, "host:port"),
        ({"RINGFENCE_SMTP": "mail.test:587"}, "sender"),
        ({"RINGFENCE_SMTP": "mail.test:587", "RINGFENCE_SMTP_FROM": "desk"}, "no address"),
        ({"RINGFENCE_SMTP": "mail.test:587", "RINGFENCE_SMTP_FROM": "a@b\r\nRCPT TO:<x@y>"}, "no address"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(values, match):
    with pytest.raises(InputError, match=match):
        Relay.from_settings(Settings.read(values))


def test_settings():
    assert Relay.from_settings(Settings.read({})) is None
    found = Relay.from_settings(
        Settings.read({"RINGFENCE_SMTP": "[::1]:25", "RINGFENCE_SMTP_FROM": "desk@authority.test"})
    )
    assert found is not None and (found.host, found.port, found.loopback) == ("::1", 25, True)
    assert not Relay("mail.test", 587, "a@b.test").loopback and Relay("localhost", 25, "a@b.test").loopback
