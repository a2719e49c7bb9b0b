"""What a notice says."""

from app.core.i18n import Translator
from app.people.notices import Notice, NoticeKind


def notice_words(t: Translator, notice: Notice) -> tuple[str, str]:
    """A title and a sentence; the sentence may be empty."""
    name = notice.made_by or t("Somebody")
    match notice.kind:
        case NoticeKind.RETURN_CODE_MADE:
            return (
                t("{name} made a code for you to get back in.", name=name),
                reason_words(t, notice.reason),
            )
        case NoticeKind.RETURN_CODE_USED:
            return (
                t("Somebody came in with the code of {name}.", name=name),
                t("If it was you, all is well."),
            )
        case NoticeKind.RETURN_CODE_OBJECTED:
            about = notice.about or t("Somebody")
            return (
                t("{name} says: I did not ask for this code.", name=name),
                t("{name} made the code. It is stopped. Please talk to both.", name=about),
            )
        case NoticeKind.PAGE_OPENED:
            return (
                t("{name} opened your page to protect you.", name=name),
                t("{name} agreed to it.", name=notice.about) if notice.about else "",
            )
        case NoticeKind.CONTACT_ADDED:
            return (
                t("{name} added somebody to your list of people.", name=name),
                t("You find the list under Me. You can change it."),
            )
        case NoticeKind.AGREEMENT_CHANGED:
            return (
                t("{name} changed how you stay in touch.", name=name),
                t("This is about {name}.", name=notice.about) if notice.about else "",
            )
        case NoticeKind.HANDED_ON | NoticeKind.HANDED_TO_YOU | NoticeKind.NOBODY_ANSWERS:
            return _wait_words(t, notice)


def _wait_words(t: Translator, notice: Notice) -> tuple[str, str]:
    """For who waits longer than agreed, and for who is asked to see to it."""
    sorry = t("Your message waits longer than we agreed. We are sorry.")
    name = notice.about or t("Somebody")
    match notice.kind:
        case NoticeKind.HANDED_ON if notice.about:
            return t("{name} was asked to answer you.", name=name), sorry
        case NoticeKind.HANDED_ON:
            return t("We look for somebody who answers you."), sorry
        case NoticeKind.HANDED_TO_YOU:
            return (
                t("{name} waits longer than agreed for an answer.", name=name),
                t("You stand in. Please write to them."),
            )
    return (
        t("{name} waits longer than agreed for an answer.", name=name),
        t("No stand-in is there. Please find somebody who answers."),
    )


def reason_words(t: Translator, reason: str | None) -> str:
    """Why a code to get back in was made, as the one who made it chose it."""
    match reason:
        case "new_phone":
            return t("The reason: you have a new phone.")
        case "forgot_way_in":
            return t("The reason: you forgot how you sign in.")
        case "phone_lost":
            return t("The reason: your phone is lost or stolen.")
    return t("The reason: something else.")
