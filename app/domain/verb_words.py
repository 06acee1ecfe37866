"""What each act that needs a permission is, in a sentence, for who reads the audit log."""

from __future__ import annotations

from app.domain.permissions import Verb
from app.domain.text import Text

VERB_WORDS: dict[str, Text] = {
    Verb.QUESTIONNAIRE_VIEW: Text.of(
        fr="Un questionnaire est consulté.", en="A questionnaire is looked at."
    ),
    Verb.QUESTIONNAIRE_DRAFT: Text.of(
        fr="Le projet d’un questionnaire est commencé ou modifié.",
        en="A draft of a questionnaire is begun or changed.",
    ),
    Verb.QUESTIONNAIRE_PUBLISH: Text.of(
        fr="Une version d’un questionnaire est publiée.",
        en="A version of a questionnaire is published.",
    ),
    Verb.QUESTIONNAIRE_COMMENT: Text.of(
        fr="Un questionnaire est commenté.", en="A questionnaire is commented on."
    ),
    Verb.FRAMEWORK_VIEW: Text.of(
        fr="Un cadre d’évaluation est consulté.", en="A framework is looked at."
    ),
    Verb.FRAMEWORK_DRAFT: Text.of(
        fr="Le projet d’un cadre est commencé ou modifié.",
        en="A draft of a framework is begun or changed.",
    ),
    Verb.FRAMEWORK_PUBLISH: Text.of(
        fr="Une version d’un cadre est publiée.", en="A version of a framework is published."
    ),
    Verb.WAVE_VIEW: Text.of(fr="Une vague est consultée.", en="A wave is looked at."),
    Verb.WAVE_CREATE: Text.of(
        fr="Une vague est préparée ou modifiée.", en="A wave is prepared or changed."
    ),
    Verb.WAVE_OPEN: Text.of(
        fr="Une vague est ouverte ou rouverte.", en="A wave is opened or opened again."
    ),
    Verb.WAVE_CLOSE: Text.of(fr="Une vague est close.", en="A wave is closed."),
    Verb.SAMPLE_IMPORT: Text.of(
        fr="Des personnes entrent dans un échantillon, ou en sortent.",
        en="People come into a sample, or leave it.",
    ),
    Verb.CODES_ISSUE: Text.of(
        fr="Des codes d’accès sont créés ou remis.", en="Access codes are made or handed out."
    ),
    Verb.LETTERS_PRINT: Text.of(
        fr="Des lettres ou des questionnaires sont imprimés.",
        en="Letters or questionnaires are printed.",
    ),
    Verb.CONTACT_PLAN: Text.of(
        fr="Un message aux personnes est prévu, modifié ou arrêté.",
        en="A message to people is planned, changed or stopped.",
    ),
    Verb.FEEDBACK_WRITE: Text.of(
        fr="Un retour aux participants est écrit.", en="Feedback to participants is written."
    ),
    Verb.FIELDWORK_VIEW: Text.of(
        fr="Le suivi d’une collecte est envoyé ou consulté.",
        en="The counts of a collection are sent or looked at.",
    ),
    Verb.DISPOSITION_RECORD: Text.of(
        fr="Il est noté ce qu’est devenue une invitation.",
        en="What became of an invitation is noted.",
    ),
    Verb.RESPONSE_ASSIST: Text.of(
        fr="Quelqu’un aide une personne à répondre.", en="Somebody helps a person to answer."
    ),
    Verb.RESPONSE_KEY: Text.of(
        fr="Un questionnaire papier est saisi.", en="A questionnaire on paper is keyed."
    ),
    Verb.RESPONSE_DECIDE: Text.of(
        fr="Une saisie est tranchée, corrigée ou reprise.",
        en="A keyed sheet is decided on, corrected or taken up again.",
    ),
    Verb.VISIT_CODE_ISSUE: Text.of(
        fr="Un code de visite est donné ou retiré.", en="A code for a visit is given or taken back."
    ),
    Verb.RESPONSES_IMPORT: Text.of(
        fr="Un fichier de réponses est importé.", en="A file of responses is imported."
    ),
    Verb.SERIES_VIEW: Text.of(
        fr="Des séries administratives sont consultées.", en="Administrative series are looked at."
    ),
    Verb.SERIES_ENTER: Text.of(
        fr="Des séries administratives sont saisies.", en="Administrative series are entered."
    ),
    Verb.MARGINS_VIEW: Text.of(
        fr="Des effectifs connus sont consultés.", en="Known totals are looked at."
    ),
    Verb.MARGINS_ENTER: Text.of(
        fr="Des effectifs connus sont saisis.", en="Known totals are entered."
    ),
    Verb.CELLS_DECIDE: Text.of(
        fr="Le poids de ceux qui n’ont pas répondu est réglé.",
        en="The weight of who did not answer is settled.",
    ),
    Verb.CUT_CREATE: Text.of(
        fr="Les réponses d’une vague sont figées pour le calcul.",
        en="The responses of a wave are frozen for the figures.",
    ),
    Verb.RELEASE_CREATE: Text.of(fr="Des résultats sont calculés.", en="Results are computed."),
    Verb.RELEASE_CHECK: Text.of(fr="Des résultats sont contrôlés.", en="Results are checked."),
    Verb.RELEASE_APPROVE: Text.of(fr="Des résultats sont approuvés.", en="Results are approved."),
    Verb.RELEASE_PUBLISH: Text.of(fr="Des résultats sont publiés.", en="Results are published."),
    Verb.RELEASE_WITHDRAW: Text.of(fr="Des résultats sont retirés.", en="Results are withdrawn."),
    Verb.RELEASE_FOLLOW: Text.of(
        fr="Quelqu’un demande à être averti, ou ne le veut plus.",
        en="Somebody asks to be told of news, or no more.",
    ),
    Verb.PROTECTION_VIEW: Text.of(
        fr="Ce qui protège des résultats est consulté.", en="What protects results is looked at."
    ),
    Verb.RELEASE_VIEW: Text.of(fr="Des résultats sont consultés.", en="Results are looked at."),
    Verb.RELEASE_DOWNLOAD: Text.of(
        fr="Des fichiers de résultats sont téléchargés.", en="Files of results are downloaded."
    ),
    Verb.TOKEN_MAKE: Text.of(
        fr="Un jeton pour programmes est créé ou révoqué.",
        en="A token for programs is made or revoked.",
    ),
    Verb.EXTRACT_ASK: Text.of(
        fr="Un extrait de réponses est demandé ou téléchargé.",
        en="An extract of responses is asked for or downloaded.",
    ),
    Verb.EXTRACT_ALLOW: Text.of(
        fr="Un extrait de réponses est permis ou refusé.",
        en="An extract of responses is allowed or refused.",
    ),
    Verb.RESPONSE_ERASE: Text.of(
        fr="Des réponses sont effacées à la demande d’une personne.",
        en="Responses are erased because a person asked.",
    ),
    Verb.RESPONSE_ACCESS: Text.of(
        fr="Tout ce qui est gardé d’une personne est ouvert.",
        en="Everything kept of a person is opened.",
    ),
    Verb.RIGHTS_CONFIRM: Text.of(
        fr="L’identité de qui demande est confirmée.", en="The identity of who asks is confirmed."
    ),
    Verb.PASSAGE_REVIEW: Text.of(fr="Des textes libres sont lus.", en="Free texts are read."),
    Verb.DOSSIER_WRITE: Text.of(
        fr="Le dossier d’une vague ou une notice est écrit.",
        en="The dossier of a wave or a notice is written.",
    ),
    Verb.DOSSIER_APPROVE: Text.of(
        fr="Le dossier d’une vague est approuvé.", en="The dossier of a wave is approved."
    ),
    Verb.AUDIT_READ: Text.of(
        fr="Ce journal est lu ou vérifié.", en="This log is read or verified."
    ),
    Verb.ACCOUNT_MANAGE: Text.of(
        fr="Un compte est créé, ou ses droits changent.",
        en="An account is made, or its rights change.",
    ),
    Verb.PROGRAMME_LOAD: Text.of(
        fr="Un programme est chargé depuis des fichiers.", en="A programme is loaded from files."
    ),
    Verb.TERRITORY_DESCRIBE: Text.of(
        fr="Le nom ou le téléphone d’un territoire change.",
        en="The name or telephone of a territory changes.",
    ),
    Verb.TERRITORY_CHANGE: Text.of(
        fr="Un territoire est ajouté, ou ses limites changent.",
        en="A territory is added, or its borders change.",
    ),
}
