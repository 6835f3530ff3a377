"""Every French word of the page. No other file of ``ui`` writes to people."""

from __future__ import annotations

LANGUAGE = "fr"
NAME = "La boîte à outils EFC"
TITLE = "La boîte à outils EFC, l'assistant"
TAGLINE = "Économie de la fonctionnalité et de la coopération"
SKIP = "Aller à la question"
NO_SCRIPT = "Cette page a besoin de JavaScript pour converser. Sans lui, la commande « bao ask » donne les mêmes réponses."

# Welcome

WELCOME = "Bonjour. Où en êtes-vous ?"
INTRODUCTION = (
    "Racontez votre situation ou posez une question : l'assistant cherche dans les fiches et les documents de la boîte à outils, "
    "et répond en quelques phrases. Chaque citation est vérifiée mot pour mot dans sa source, que vous pouvez ouvrir d'un clic."
)
EXAMPLE_CALL = "Essayer :"
USES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Avancer dans une démarche",
        "Vous décrivez votre situation. Vous repartez avec l'étape où vous en êtes et un à trois outils qui conviennent.",
        ("On a fait trois ateliers, mais le financeur demande ce que ça a changé.", "J'ai une heure pour donner envie à des élus qui n'y croient pas."),
    ),
    (
        "Comprendre une notion",
        "Vous demandez ce qu'un mot veut dire. Vous repartez avec une définition simple et sa source.",
        ("C'est quoi, la performance d'usage ?", "Quelle différence entre servitisation et EFC ?"),
    ),
    (
        "Préparer une séance",
        "Vous nommez un outil ou un document. Vous repartez avec le déroulé, la durée, le matériel.",
        ("Comment se déroule un forum ouvert ?", "Combien de temps et de personnes pour une carte des acteurs ?"),
    ),
)

# Asking

QUESTION_LABEL = "Votre question ou votre situation"
QUESTION_HINT = "Racontez, ou demandez…"
KEYS_HINT = "Entrée pour envoyer, Maj + Entrée pour aller à la ligne."
SEND = "Envoyer"
NEW = "Nouvelle conversation"
NOTHING_ASKED = "Écrivez d'abord votre question ou votre situation, même en quelques mots."
SEARCHING = "Je cherche dans la boîte à outils…"
NOT_READY = "L'assistant finit de démarrer. Votre question est gardée : la réponse vient toute seule, dans quelques secondes."
TOO_LONG_TO_START = "L'assistant met trop de temps à démarrer."
TOO_LONG_REMEDY = "Reposez votre question dans une minute. Si rien ne change, fermez l'application et relancez-la."
UNFORESEEN = "Un imprévu a empêché de répondre à cette question."
UNFORESEEN_REMEDY = "Reposez-la autrement, ou prévenez la personne qui tient l'application : l'incident est noté dans son journal."

# Answers

YOUR_QUESTION = "Votre question"
STAGE_KNOWN = "Vous semblez être à l'{step}."
STAGE_PAIR = "Vous semblez être entre l'{first} et l'{second}."
MORE = "En savoir plus"
SOURCES = "Sources"
SOURCE_WORD = "Source"
PAGE = "page {page}"
STARTER = "contenu de démarrage, à valider par le Cerdd"
TOOLS_ONE = "Un outil proposé"
TOOLS_MANY = "{count} outils proposés"
RELATED_ONE = "Un outil proche de cette question"
RELATED_MANY = "{count} outils proches de cette question"
DURATION = "Durée"
STATUS = "Statut"
PARTICIPANTS = "Participants"
OUTCOME = "Ce que l'on obtient"
PREPARE = "À préparer"
FOLLOWING = "Et ensuite"
SET_ASIDE = "Écartés cette fois"
CHIPS = "Critères retenus (cliquez pour en retirer un) :"
EVERY_STEP = "Toutes les étapes"
MEANWHILE = "En attendant, des outils possibles"
CHOICES = "Choisissez, ou répondez avec vos mots :"
TAKE_AWAY = "Emporter un plan :"
TAKE_AWAY_IN = "Plan d'action en"
TAKE_AWAY_FORMATS = {"docx": "DOCX", "odt": "ODT", "pdf": "PDF", "md": "Markdown"}
COPY = "Copier"
COPIED = "Réponse copiée"
PRINT = "Imprimer"

# The source panel and the document's page

PANEL = "Document source"
CLOSE = "Fermer"
NEW_TAB = "Ouvrir dans un onglet"
LOADING = "Le document s'ouvre…"
LOADING_FAILED = "Le document ne s'est pas ouvert. Utilisez « Ouvrir dans un onglet »."
BACK = "Revenir à l'assistant"
PAGE_HEADING = "Page {page}"
CITED = "Passage cité"
NOT_FOUND_QUOTE = "La phrase citée n'est plus dans ce document, qui a été remplacé depuis."
DATED = "Date : {date}"
EXPIRED = "échu depuis le {date}"
VALID_UNTIL = "valable jusqu'au {date}"
LICENCE = "Licence : {licence}"
AUTHOR = "Auteur : {author}"
SOURCE = "Source : {source}"
STEPS = "Étapes : {steps}"
DOWNLOAD = "Télécharger l'original ({suffix})"
LINKS = "Liens"
OUTSIDE = "(site externe)"
PAGES_SHOWN = "Pages {first} à {last} sur {total}"
PAGES_BEFORE = "Pages précédentes"
PAGES_AFTER = "Pages suivantes"
TYPES = {
    "document": "Document",
    "outil": "Fiche outil",
    "concept": "Fiche concept",
    "etape": "Fiche étape",
    "parcours": "Fiche parcours",
    "ressource": "Fiche ressource",
}

# What is being filled

PREPARING = "L'assistant se prépare. Vous pouvez déjà écrire votre question."
FILLING = "Le contenu de démarrage s'installe : {done} sur {total} fiches. Ce qui est en place peut déjà être interrogé."
STILL_FILLING = "Le contenu de démarrage s'installe encore ({done} sur {total} fiches) : la réponse sera plus complète dans un moment."
FILLED_EXCEPT = "Le contenu de démarrage est en place, sauf {count} : {names}."
UNFORESEEN_FILLING = "Un imprévu a interrompu l'installation du contenu de démarrage."
FILE_ONE = "un fichier"
FILE_MANY = "{count} fichiers"

# Footer

FOOTER_CONTENT = "Contenu de démarrage, à valider par le Cerdd : il ne remplace ni la boîte à outils publiée ni un accompagnement."
FOOTER_METHOD = "Pas d'intelligence artificielle générative : les réponses sont faites de phrases retrouvées dans les documents, et citées."
FOOTER_PRIVACY = "Vos questions ne sont ni conservées, ni envoyées à un autre service."
FOOTER_LICENCE = "Contenus sous licence CC BY-NC-SA 4.0, logiciel libre sous licence EUPL 1.2."

# Refusals of the web server

NO_SUCH_PAGE = "Cette page n'existe pas."
NO_SUCH_DOCUMENT = "Aucun document ne porte ce nom dans la boîte à outils. Il a peut-être été retiré."
FORBIDDEN = "Rien ne peut être déposé ici : seule l'administration ajoute des documents."
CROSS_SITE = "Cette demande vient d'un autre site : elle est refusée."
TOO_BIG = "Cette demande est trop volumineuse."
NOT_ALLOWED = "Cette page ne répond qu'à la lecture."
PLAN_FORMAT = "Un plan s'emporte dans l'un de ces formats : {formats}."
PLAN_TOO_LONG = "Cette demande de plan est trop longue : racontez la situation en 2 000 signes au plus."
PLAN_UNCLEAR = "Cette demande de plan ne se lit pas : reprenez le lien sous la réponse."
PLAN_BUSY = "Plusieurs plans se préparent déjà : redemandez le vôtre dans quelques secondes."
