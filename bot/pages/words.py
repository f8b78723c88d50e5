"""What stands on the page of an entry, in the six languages."""

from collections.abc import Mapping
from typing import Final

_NAMES: Final = (
    "title", "ask", "seen_only", "right", "change", "send", "name", "post", "telephone", "address", "left", "words",
    "unknown", "expired", "used", "unchanged", "proposed", "another", "empty", "wrong-address", "busy",
)  # fmt: skip
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "Your entry in the records of the 1540 Committee", "Is all of this still right?", "This page shows your own entry only.",
        "All of it is right", "Something has changed", "Send the changes", "Name", "Title", "Telephone", "E-mail address",
        "No longer in this function", "Anything else",
        "This link leads nowhere. Please answer the letter by e-mail instead.",
        "This link is no longer valid. Please answer the letter by e-mail instead.",
        "An answer has been given with this link already; nothing was changed. For anything more, please reply to the letter.",
        "Thank you. The entry is confirmed.",
        "Thank you. The secretariat reads the changes and makes them once it has confirmed them.",
        "The entry was changed since this page was opened. Nothing was sent; please look again.",
        "Nothing differs from the entry, so nothing was sent.", "An e-mail address is not valid. Nothing was sent.",
        "Too many answers at once. Nothing was sent; please try again in a minute.",
    ),
    "fr": (
        "Votre inscription dans les registres du Comité 1540", "Tout est-il toujours exact ?",
        "Cette page ne montre que votre propre inscription.", "Tout est exact", "Quelque chose a changé",
        "Envoyer les modifications", "Nom", "Titre", "Téléphone", "Adresse électronique", "N’exerce plus cette fonction",
        "Autre chose", "Ce lien ne mène nulle part. Prière de répondre à la lettre par courriel.",
        "Ce lien n’est plus valable. Prière de répondre à la lettre par courriel.",
        "Une réponse a déjà été donnée par ce lien ; rien n’a été modifié. Pour toute autre chose, prière de répondre à la lettre.",
        "Merci. L’inscription est confirmée.",
        "Merci. Le secrétariat lit les modifications et les fait après les avoir confirmées.",
        "L’inscription a été modifiée depuis l’ouverture de cette page. Rien n’a été envoyé ; prière de la relire.",
        "Rien ne diffère de l’inscription ; rien n’a été envoyé.",
        "Une adresse électronique n’est pas valable. Rien n’a été envoyé.",
        "Trop de réponses à la fois. Rien n’a été envoyé ; prière de réessayer dans une minute.",
    ),
    "es": (
        "Su inscripción en los registros del Comité 1540", "¿Sigue siendo todo correcto?",
        "Esta página muestra únicamente su propia inscripción.", "Todo es correcto", "Algo ha cambiado", "Enviar los cambios",
        "Nombre", "Cargo", "Teléfono", "Dirección de correo electrónico", "Ya no ejerce esta función", "Otra cosa",
        "Este enlace no lleva a ninguna parte. Sírvase responder a la carta por correo electrónico.",
        "Este enlace ya no es válido. Sírvase responder a la carta por correo electrónico.",
        "Ya se ha dado una respuesta con este enlace; nada ha cambiado. Para cualquier otra cosa, sírvase responder a la carta.",
        "Gracias. La inscripción queda confirmada.",
        "Gracias. La secretaría lee los cambios y los hace una vez confirmados.",
        "La inscripción ha cambiado desde que se abrió esta página. No se ha enviado nada; sírvase leerla de nuevo.",
        "Nada difiere de la inscripción; no se ha enviado nada.",
        "Una dirección de correo electrónico no es válida. No se ha enviado nada.",
        "Demasiadas respuestas a la vez. No se ha enviado nada; sírvase intentarlo de nuevo dentro de un minuto.",
    ),
    "ru": (
        "Ваша запись в реестре Комитета 1540", "Всё ли по-прежнему верно?", "На этой странице показана только ваша запись.",
        "Всё верно", "Есть изменения", "Отправить изменения", "Имя", "Должность", "Телефон", "Адрес электронной почты",
        "Больше не выполняет эту функцию", "Что-либо ещё",
        "Эта ссылка никуда не ведёт. Просьба ответить на письмо по электронной почте.",
        "Срок действия этой ссылки истёк. Просьба ответить на письмо по электронной почте.",
        "По этой ссылке ответ уже дан; ничего не изменено. По другим вопросам просьба ответить на письмо.",
        "Спасибо. Запись подтверждена.", "Спасибо. Секретариат прочтёт изменения и внесёт их после подтверждения.",
        "Запись изменилась после открытия этой страницы. Ничего не отправлено; просьба прочитать её ещё раз.",
        "Отличий от записи нет; ничего не отправлено.", "Адрес электронной почты неверен. Ничего не отправлено.",
        "Слишком много ответов сразу. Ничего не отправлено; просьба повторить через минуту.",
    ),
    "ar": (
        "بياناتكم في سجلات اللجنة 1540", "هل لا تزال كلها صحيحة؟", "لا تعرض هذه الصفحة إلا بياناتكم.", "كلها صحيحة",
        "تغيّر شيء ما", "إرسال التغييرات", "الاسم", "اللقب الوظيفي", "الهاتف", "عنوان البريد الإلكتروني",
        "لم يعد في هذه الوظيفة", "أي شيء آخر", "هذا الرابط لا يؤدي إلى شيء. يرجى الرد على الرسالة بالبريد الإلكتروني.",
        "لم يعد هذا الرابط صالحا. يرجى الرد على الرسالة بالبريد الإلكتروني.",
        "سبق الرد عن طريق هذا الرابط، ولم يتغير شيء. لأي أمر آخر يرجى الرد على الرسالة.",
        "شكرا. تم تأكيد البيانات.", "شكرا. ستقرأ الأمانة التغييرات وتجريها بعد تأكيدها.",
        "تغيرت البيانات منذ فتح هذه الصفحة. لم يرسل شيء؛ يرجى قراءتها من جديد.", "لا يختلف شيء عن البيانات، ولم يرسل شيء.",
        "عنوان البريد الإلكتروني غير صالح. لم يرسل شيء.", "ردود كثيرة في آن واحد. لم يرسل شيء؛ يرجى المحاولة بعد دقيقة.",
    ),
    "zh": (
        "贵方在1540委员会记录中的信息", "这些信息是否仍然正确?", "本页只显示贵方自己的信息。", "全部正确", "有变动", "发送变动",
        "姓名", "职衔", "电话", "电子邮件地址", "不再担任此职务", "其他事项", "此链接无效。请以电子邮件回复来函。",
        "此链接已过期。请以电子邮件回复来函。", "此链接已用于答复,未作任何更改。如有其他事项,请回复来函。", "谢谢。信息已确认。",
        "谢谢。秘书处将阅读这些变动,并在确认后更改。", "本页打开后信息已有更改。未发送任何内容,请重新查看。",
        "与记录没有差别,未发送任何内容。", "电子邮件地址无效。未发送任何内容。", "答复过多。未发送任何内容,请一分钟后再试。",
    ),
}  # fmt: skip
WORDS: Final = {language: dict(zip(_NAMES, said, strict=True)) for language, said in _SAID.items()}
