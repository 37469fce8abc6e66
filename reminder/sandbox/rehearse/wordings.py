"""What simulated parties write, in their own language. Plain words that hold one light and nothing that could be another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language

DONE: Mapping[Language, Mapping[TrafficLight, Sequence[str]]] = {
    "fi": {
        TrafficLight.GREEN: ("Asiat on hoidettu kuten oli sovittu.", "Tapaamisia pidettiin neljä.", "Kävijöitä oli 240."),
        TrafficLight.YELLOW: ("Puolet jäi syksyyn.", "Sopimus allekirjoitettiin, hankinta on kesken.", "Kokous siirtyi kuukaudella."),
        TrafficLight.RED: ("Rahaa ei ole varattu.", "Tekijää ei ole löytynyt."),
    },
    "sv": {
        TrafficLight.GREEN: ("Ärendena har skötts som avtalat.", "Fyra möten hölls.", "Besökarna var 240."),
        TrafficLight.YELLOW: ("Hälften blev till hösten.", "Avtalet undertecknades, upphandlingen väntar.", "Mötet sköts upp en månad."),
        TrafficLight.RED: ("Pengar har inte reserverats.", "Ingen utförare har hittats."),
    },
    "en": {
        TrafficLight.GREEN: ("All was handled as agreed.", "Four meetings were held.", "There were 240 visitors."),
        TrafficLight.YELLOW: (
            "Half of it was left for the autumn.",
            "The contract was signed, the purchase waits.",
            "A meeting moved by a month.",
        ),
        TrafficLight.RED: ("No money has been set aside.", "Nobody was found to do it."),
    },
}
FINISHED: Mapping[Language, str] = {"fi": "valmis", "sv": "genomförd", "en": "done"}
"""The phase that some add behind a green light."""
APPROVED: Mapping[Language, str] = {"fi": "Hyväksyn, lähetä.", "sv": "Godkänns, skicka.", "en": "Approved, send."}
OR: Mapping[Language, str] = {"fi": "tai", "sv": "eller", "en": "or"}
"""Between the two lights of somebody who does not choose."""
