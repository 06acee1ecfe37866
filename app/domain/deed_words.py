"""What each act of the audit log is, in a sentence, for who reads it."""

from __future__ import annotations

from app.domain.deeds import Deed
from app.domain.text import Text
from app.domain.verb_words import VERB_WORDS

DEED_WORDS: dict[str, Text] = {
    Deed.ACCOUNT_SIGN_IN: Text.of(fr="Un compte se connecte.", en="An account signs in."),
    Deed.ACCOUNT_SECOND_STEP: Text.of(
        fr="La seconde étape d’une connexion est faite.",
        en="The second step of signing in is made.",
    ),
    Deed.ACCOUNT_CONFIRM: Text.of(
        fr="Qui est devant l’écran le prouve de nouveau.",
        en="Who sits at the screen proves it again.",
    ),
    Deed.ACCOUNT_SIGN_OUT: Text.of(fr="Un compte se déconnecte.", en="An account signs out."),
    Deed.ACCOUNT_SESSION_END: Text.of(
        fr="Une session est fermée de loin.", en="A session is ended from afar."
    ),
    Deed.ACCOUNT_PASSWORD: Text.of(
        fr="Une personne change son mot de passe.", en="A person changes the own password."
    ),
    Deed.ACCOUNT_LINK_USED: Text.of(
        fr="Le lien qui ouvre un compte est utilisé.", en="The link that opens an account is used."
    ),
    Deed.ACCOUNT_FACTOR_ADD: Text.of(
        fr="Un second facteur est ajouté.", en="A second factor is added."
    ),
    Deed.ACCOUNT_FACTOR_REMOVE: Text.of(
        fr="Un second facteur est retiré.", en="A second factor is removed."
    ),
    Deed.ACCOUNT_RECOVERY_CODES: Text.of(
        fr="Des codes de secours sont créés.", en="Recovery codes are made."
    ),
    Deed.ACCOUNT_IDENTITY_LINK: Text.of(
        fr="Un compte est relié à l’institution.", en="An account is linked to the institution."
    ),
    Deed.ACCOUNT_IDENTITY_UNLINK: Text.of(
        fr="Un compte n’est plus relié à l’institution.",
        en="An account is linked to the institution no more.",
    ),
    Deed.CODE_ENTER: Text.of(
        fr="Beaucoup de codes ou de mots de passe faux sont essayés.",
        en="Many wrong codes or passwords are tried.",
    ),
    Deed.FORM_SEND: Text.of(
        fr="Un autre site envoie un formulaire.", en="Another site sends a form."
    ),
    Deed.PAGE_OPEN: Text.of(
        fr="Une page hors de portée est demandée.", en="A page out of reach is asked for."
    ),
    Deed.CONTACT_SEE: Text.of(
        fr="Des noms, adresses ou téléphones sont ouverts.",
        en="Names, addresses or telephones are opened.",
    ),
    Deed.RESPONSE_START: Text.of(
        fr="Une personne consent et commence à répondre.",
        en="A person consents and begins to answer.",
    ),
    Deed.RESPONSE_SUBMIT: Text.of(fr="Des réponses sont envoyées.", en="Answers are sent."),
    Deed.RESPONSE_REFUSE: Text.of(
        fr="Une personne refuse de répondre.", en="A person refuses to answer."
    ),
    Deed.RESPONSE_TELL_WHY: Text.of(
        fr="Une personne dit pourquoi elle refuse.", en="A person says why they refuse."
    ),
    Deed.RESPONSE_WITHDRAW: Text.of(
        fr="Une personne retire ses réponses.", en="A person withdraws their answers."
    ),
    Deed.RESPONSE_CORRECT: Text.of(
        fr="Une réponse saisie est remplacée par une correction.",
        en="A keyed response is replaced by a correction.",
    ),
    Deed.RESPONSE_ERASE_AGAIN: Text.of(
        fr="Des réponses effacées le sont encore, après une restauration.",
        en="Erased responses are erased again, after a restoration.",
    ),
    Deed.RETENTION_SET_ASIDE: Text.of(
        fr="Des données arrivées à leur terme sont mises de côté.",
        en="Data at the end of their time are set aside.",
    ),
    Deed.RETENTION_PURGE: Text.of(
        fr="Des données arrivées à leur terme sont supprimées.",
        en="Data at the end of their time are removed.",
    ),
    Deed.JOB_END: Text.of(
        fr="Un travail en arrière-plan s’arrête sans résultat.",
        en="Background work ends without a result.",
    ),
    Deed.MAIL_AGAIN: Text.of(
        fr="Un message non remis est envoyé de nouveau.", en="A message that failed is sent again."
    ),
    Deed.MAIL_BOUNCES: Text.of(
        fr="Des messages revenus sont comptés.", en="Messages that came back are counted."
    ),
    Deed.BACKUP_MAKE: Text.of(fr="Une sauvegarde est faite.", en="A backup is made."),
    Deed.BACKUP_CLUSTER: Text.of(
        fr="Une copie du serveur de données est faite.", en="A copy of the database server is made."
    ),
    Deed.BACKUP_RESTORE: Text.of(fr="Une sauvegarde est restaurée.", en="A backup is restored."),
    Deed.DATABASE_UPGRADE: Text.of(
        fr="La base de données passe à une autre version.",
        en="The database goes to another version.",
    ),
    Deed.KEYS_ROTATE: Text.of(
        fr="Les clés de chiffrement sont renouvelées.", en="The keys of encryption are renewed."
    ),
    Deed.SERVICE_CHANGE: Text.of(
        fr="Le service démarre avec un autre réglage ou un autre code.",
        en="The service starts with another setting or other code.",
    ),
    Deed.CLOCK_STEP: Text.of(
        fr="L’horloge de la machine est réglée.", en="The clock of the machine is set."
    ),
    Deed.DISK: Text.of(fr="La place sur le disque manque.", en="Room on the disk runs out."),
}

ACT_WORDS: dict[str, Text] = {**VERB_WORDS, **DEED_WORDS}


def said_of(act: str) -> Text:
    """The sentence of an act; of an earlier release's, which has none any more, its word."""
    return ACT_WORDS.get(act) or Text.of(fr=act, en=act)
