"""What each fault says in French, typed with ordinary spaces."""

# code: (what is wrong, what to write instead)
SENTENCES: dict[str, tuple[str, str]] = {
    # The file
    "a-folder": ("C’est un dossier.", "Donnez le chemin du fichier du plan qu’il contient."),
    "not-a-file": (
        "Aucun fichier ne porte ce nom.",
        "Indiquez le chemin d’un fichier de plan existant.",
    ),
    "unreadable": (
        "Le fichier ne s’ouvre pas ({value}).",
        "Donnez au programme le droit de le lire.",
    ),
    "too-big": (
        "Le fichier dépasse {limit} Mo : il n’a pas été lu.",
        "N’y gardez que le plan : un plan complet pèse moins de 200 ko.",
    ),
    "too-many": (
        "Le fichier contient plus de {limit} valeurs : la lecture s’arrête ici.",
        "Retirez ce qui n’appartient pas au plan.",
    ),
    "too-deep": (
        "Les blocs s’emboîtent sur plus de {limit} niveaux : la lecture s’arrête ici.",
        "Ramenez ce bloc au niveau prévu par le format.",
    ),
    "not-utf8": (
        "Cette ligne n’est pas encodée en UTF-8.",
        "Enregistrez de nouveau le fichier en UTF-8.",
    ),
    "bad-character": (
        "Cette ligne contient un caractère non imprimable ({value}).",
        "Supprimez-le, puis retapez le texte.",
    ),
    "empty": (
        "Le fichier est vide.",
        "Commencez par « schema: 1 », puis suivez l’exemple de la documentation.",
    ),
    "several-documents": (
        "Un second document commence ici.",
        "Retirez « --- » : un fichier contient un seul plan.",
    ),
    "alias": (
        "Les ancres et les alias (« &{value} », « *{value} ») sont refusés.",
        "Écrivez la valeur en entier à chaque endroit.",
    ),
    "tag": ("L’étiquette « {value} » est refusée.", "Écrivez la valeur seule, sans étiquette."),
    "bad-key": (
        "Une clé est un seul mot.",
        "Écrivez « clé: valeur », avec un mot avant le deux-points.",
    ),
    "bad-yaml": (
        "Ce YAML n’est pas lisible : {problem}.",
        "Vérifiez les retraits et les tirets autour de cette ligne.",
    ),
    "bad-yaml-tab": (
        "Cette ligne est décalée par une tabulation.",
        "Remplacez la tabulation par des espaces.",
    ),
    "bad-yaml-colon": (
        "Un deux-points ou un retrait ne se comprend pas ici.",
        "Mettez entre guillemets droits un texte qui contient « : » et alignez les clés d’un "
        "même bloc.",
    ),
    "bad-yaml-quote": (
        "Un guillemet s’ouvre et ne se ferme jamais.",
        "Fermez-le par le même signe.",
    ),
    "bad-yaml-bracket": (
        "Un crochet ou une accolade est mal fermé.",
        "Fermez-le, séparez les éléments par des virgules et mettez entre guillemets droits les"
        " textes qui en contiennent.",
    ),
    # The shape
    "twice": (
        "« {key} » est donné deux fois ; le premier est à la ligne {first}.",
        "Gardez-en un seul.",
    ),
    "two-baselines": (
        "L’indicateur a deux valeurs de départ ; la première est à la ligne {first}.",
        "Gardez un seul « baseline » ; saisissez les valeurs suivantes comme des relevés.",
    ),
    "baseline-list": (
        "L’indicateur a une liste de valeurs de départ.",
        'Écrivez-en une seule : « baseline: {{period: "2018", value: 47}} » ; saisissez les '
        "valeurs suivantes comme des relevés.",
    ),
    "unknown-key": ("« {key} » n’est pas une clé de ce bloc.", "Écrivez l’une de : {choices}."),
    "unknown-key-near": ("« {key} » n’est pas une clé de ce bloc.", "Écrivez « {near} »."),
    "missing-key": ("« {key} » manque.", "Ajoutez « {key}: … » à ce bloc."),
    "missing-word": ("« {key} » manque.", "Ajoutez « {key}: … », l’une de : {choices}."),
    "wrong-type": ("« {key} » est {found} au lieu d’{expected}.", "Écrivez « {example} »."),
    "unknown-word": (
        "« {value} » n’est pas une valeur de « {key} ».",
        "Écrivez l’une de : {choices}.",
    ),
    "unknown-word-near": (
        "« {value} » n’est pas une valeur de « {key} ».",
        "Écrivez « {near} ».",
    ),
    "wrong-constant": (
        "« {key} » ne peut valoir que {expected}.",
        "Écrivez « {key}: {expected} », ou retirez la ligne.",
    ),
    "bad-code": (
        "« {value} » n’est pas un code.",
        "Écrivez des minuscules sans accent et des chiffres reliés par des traits d’union, par "
        "exemple « {example} ».",
    ),
    "bad-date": (
        "« {value} » n’est pas une date.",
        "Écrivez année-mois-jour, par exemple 2018-12-31.",
    ),
    "bad-url": (
        "« {value} » n’est pas une adresse web.",
        "Écrivez-la en entier, par exemple https://example.org/page.",
    ),
    "bad-language": (
        "« {value} » n’est pas un code de langue.",
        "Écrivez deux lettres minuscules, par exemple fr ou en.",
    ),
    "bad-measure": (
        "« {value} » n’est pas le nom d’une mesure.",
        "Écrivez salle.mesure, par exemple desk.enterprises_incubated.",
    ),
    "bad-unknown": (
        "« {value} » ne se comprend pas pour « {key} ».",
        "Écrivez « {example} », ou le mot unknown si le plan doit encore le préciser.",
    ),
    "out-of-bounds": ("{value} est trop {side} pour « {key} ».", "Écrivez un nombre {bound}."),
    "wrong-length": (
        "« {key} » est trop long ou vide.",
        "Raccourcissez, ou donnez au moins un élément.",
    ),
    # The sense
    "duplicate-code": (
        "Le code « {value} » est déjà pris par {what} de la ligne {first}.",
        "Donnez un autre code, par exemple « {example} ».",
    ),
    "duplicate-number": (
        "Le numéro {value} est déjà pris à la ligne {first}.",
        "Donnez le prochain numéro libre : {example}.",
    ),
    "unknown-reference": ("Le code « {value} » ne désigne {what}.", "Écrivez l’un de : {choices}."),
    "unknown-reference-near": (
        "Le code « {value} » ne désigne {what}.",
        "Écrivez « {near} », ou ajoutez-le au plan.",
    ),
    "repeated-reference": (
        "« {value} » figure deux fois dans cette liste.",
        "Gardez-le une seule fois.",
    ),
    "linked-to-itself": (
        "L’action « {value} » est liée à elle-même.",
        "Retirez ce code de « links ».",
    ),
    "axis-twice": (
        "« {value} » est à la fois l’axe principal et un axe secondaire.",
        "Retirez-le de « secondary_axes ».",
    ),
    "task-circle": (
        "La tâche « {value} » finit par se contenir elle-même.",
        "Retirez « parent » de l’une de ces tâches : {choices}.",
    ),
    "no-axis": (
        "L’action « {value} » n’a pas de « {key} ».",
        "Ajoutez « {key}: … », ou « cross_sectional: true » si elle sert tout le plan.",
    ),
    "cross-sectional": (
        "Une action transversale n’a pas de « {key} ».",
        "Retirez « {key} », ou retirez « cross_sectional: true ».",
    ),
    "missing-translation": (
        "Ce texte manque en « {value} ».",
        "Ajoutez « {value}: … » à côté des autres langues.",
    ),
    "one-language-text": (
        "Ce texte est donné une seule fois, mais le plan parle {choices}.",
        "Écrivez-le dans chaque langue : {example}.",
    ),
    "extra-language": (
        "« {value} » n’est pas une langue du plan.",
        "Retirez ce texte, ou ajoutez {value} à « languages ».",
    ),
    "empty-text": (
        "Ce texte est vide.",
        "Écrivez le texte, ou retirez la clé si elle est facultative.",
    ),
    "repeated-language": (
        "La langue « {value} » figure deux fois.",
        "Gardez-la une seule fois dans « languages ».",
    ),
    "dates-out-of-order": (
        "« {key} » ({value}) précède « {other} » ({first}).",
        "Écrivez un jour égal ou postérieur au {first}, ou corrigez « {other} ».",
    ),
    "plan-too-long": (
        "Le plan dure plus de {limit} ans.",
        "Corrigez l’année de « starts » ou de « ends ».",
    ),
    "year-outside": (
        "L’année {value} est hors du plan ({first} à {last}).",
        "Écrivez une année de {first} à {last}.",
    ),
    "bare-period": (
        "La période {value} n’a pas de guillemets : elle se lit comme un nombre.",
        'Écrivez period: "{value}".',
    ),
    "bad-period": (
        "« {value} » n’est pas une période.",
        'Écrivez {example}, ou "plan" pour tout le plan.',
    ),
    "period-kind": (
        "« {value} » n’est pas {what}, alors que le plan s’évalue ainsi.",
        'Écrivez {example}, ou "plan" pour tout le plan.',
    ),
    "period-outside": (
        "La cible de {value} est hors du plan ({first} à {last}).",
        "Écrivez une période comprise entre ces dates, par exemple {example}.",
    ),
    "two-targets": (
        "{value} a deux cibles ; la première est à la ligne {first}.",
        "Gardez une seule cible par période.",
    ),
    "no-goal": (
        "Cette cible ne fixe aucun but.",
        "Ajoutez l’un de : value, min, low avec high, per_event, ou « unknown: true ».",
    ),
    "several-goals": (
        "Cette cible fixe plusieurs buts : {choices}.",
        "Gardez l’un de : value, min, low avec high, per_event, unknown.",
    ),
    "half-range": (
        "« {key} » est seul.",
        "Ajoutez « {other} », ou écrivez « min » pour un but sans limite haute.",
    ),
    "range-reversed": (
        "La borne basse {low} dépasse la borne haute {high}.",
        "Écrivez low: {high}, high: {low}.",
    ),
    "cents": ("{value} a plus de deux décimales.", "Arrondissez au centime : {example}."),
    "no-origin": (
        "Rien n’alimente cet indicateur.",
        "Ajoutez « measure: salle.mesure », ou « declared: true » si une personne le saisit.",
    ),
    "two-origins": (
        "Cet indicateur est à la fois mesuré et déclaré.",
        "Gardez « measure » (avec « measured_from » s’il commence plus tard), ou « declared: "
        "true ».",
    ),
    "measured-from-declared": (
        "« measured_from » n’a pas de sens pour un indicateur déclaré.",
        "Retirez-le, ou nommez la mesure qui prend le relais.",
    ),
    "lag-missing": (
        "Une cohorte doit savoir à quelle distance regarder.",
        "Ajoutez « lag_years », par exemple « lag_years: 1 » pour un an après.",
    ),
    "lag-needless": (
        "« lag_years » n’a de sens que pour une cohorte.",
        "Retirez-le, ou écrivez « aggregation: cohort ».",
    ),
    "per-event-needless": (
        "« per_event » n’a de sens que pour un indicateur relevé à chaque événement.",
        "Écrivez « value », ou « aggregation: per_event ».",
    ),
    "per-event-expected": (
        "Un indicateur relevé à chaque événement a son but à chaque événement.",
        "Écrivez « per_event » au lieu de « {key} ».",
    ),
    "unknown-measure": (
        "La salle « {room} » n’offre aucune mesure « {value} ».",
        "Écrivez l’une de : {choices} ; ou « declared: true ».",
    ),
    "unknown-measure-near": (
        "La salle « {room} » n’offre aucune mesure « {value} ».",
        "Écrivez « {near} ».",
    ),
    "not-yet-measurable": (
        "« {value} » n’est pas encore mesurable : la salle « {room} » n’est pas installée.",
        "Rien à changer si la salle est prévue ; sinon, vérifiez le nom.",
    ),
    "too-many-faults": (
        "Il reste des fautes au-delà de ces {limit}.",
        "Corrigez celles-ci, puis vérifiez de nouveau.",
    ),
}

# Words that are put into the sentences above.
WORDS: dict[str, str] = {
    "axis": "l’axe",
    "action": "l’action",
    "task": "la tâche",
    "organisation": "l’organisation",
    "indicator": "l’indicateur",
    "budget line": "la ligne de budget",
    "no axis": "aucun axe",
    "no action": "aucune action",
    "no task": "aucune tâche de cette action",
    "no organisation": "aucune organisation",
    "calendar_year": "une année civile",
    "school_year": "une année scolaire",
    "quarter": "un trimestre",
    "file": "le fichier",
    "object": "un bloc de clés",
    "array": "une liste",
    "string": "un texte",
    "number": "un nombre",
    "integer": "un nombre entier",
    "boolean": "un choix true ou false",
    "null": "vide",
    "low": "petit",
    "high": "grand",
}
