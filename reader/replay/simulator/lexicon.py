"""The words of the generated catalogue: topics, their threads, nine words that mark each thread, and names.

Our own selection; every word stands in one thread alone, every name is there once (a test).
"""

from __future__ import annotations

from functools import cache
from typing import Final

# Beginnings and endings of made-up names, of persons and of places.
_PERSONS: Final = """
Aber Bale Castel Dahl Erik Farr Gallar Hin Ibar Jonk Koval Lind Mbek Nov Okon Petr Quir Ras Sando Thack Ulri Vasq Wex
Yama Zelen Ash Bram Corri Dela Eng Fair Gunn Hollo Ive Jank Kest Lomb March Naka Oye
/ berg ston wick mann ski ova eson ley worth field ander ink ert imov aru ese olt ane iello quist
"""
_PLACES: Final = """
Arbor Brack Corva Dun East Far Glen Hart Ilver Jarrow Kel Lark Moss North Old Pell Quen Raven Silver Thorn Under Varn
West Yarrow Alder Birch Clay Drift Elm Fox
/ bury mere holm leigh ross moor ton by stone haven gate wick castle worth bridge sey hill marsh dale ford
"""
_SOURCES: Final = """
Harbour_Post The_Lantern Daily_Meridian Northern_Wire The_Quill Copper_Street
Evening_Atlas The_Sparrow Riverside_Times Bureau_Nine The_Long_View Plain_Paper
"""
SOURCES: Final = tuple(source.replace("_", " ") for source in _SOURCES.split())


def _names(parts: str) -> tuple[str, ...]:
    """Return all names, neighbours differing in both parts."""
    beginnings, endings = (half.split() for half in parts.split("/"))
    count = len(beginnings) * len(endings)
    return tuple(
        beginnings[n % len(beginnings)] + endings[(n + n // len(beginnings)) % len(endings)] for n in range(count)
    )


PERSONS: Final = _names(_PERSONS)
PLACES: Final = _names(_PLACES)
# A topic in brackets, then a line a thread: its words.
_TABLE: Final = """
[energy]
lithium cathode anode electrolyte cobalt battery charger nickel gigafactory
turbine windmill blade nacelle offshore gearbox windfarm rotor gust
reactor uranium coolant fuel-rod fission containment radiation decommissioning neutron
photovoltaic panel inverter silicon sunlight rooftop wafer perovskite module
transformer substation blackout pylon voltage frequency gridlock interconnector megawatt
hydrogen electrolyser ammonia pipeline fuel-cell methane cavern compressor membrane
[medicine]
vaccine antibody booster syringe immunity adjuvant serum inoculation epidemic
tumour oncology chemotherapy biopsy melanoma metastasis radiotherapy lymphoma remission
insulin diabetes glucose pancreas metabolism obesity semaglutide calorie dosage
artery cardiology stent cholesterol heartbeat pacemaker hypertension valve bypass
antibiotic bacterium resistance penicillin infection microbe sepsis pathogen petri-dish
dementia neuron amyloid hippocampus memory-loss caregiver synapse cognition protein
[space]
rocket launchpad booster-stage payload thruster propellant countdown spaceport capsule
telescope galaxy mirror infrared spectrum astronomer nebula redshift observatory
asteroid meteorite crater impactor trajectory comet regolith bolide orbiting
rover martian lander drill dust-storm sediment parachute canyon habitat-dome
satellite constellation antenna broadband debris uplink geostationary collision transponder
moonbase lunar astronaut airlock spacesuit gateway moonquake moondust gravity
[oceans]
coral reef bleaching lagoon polyp snorkel parrotfish heatwave atoll
whale sonar migration krill baleen stranding harpoon calf hydrophone
trawler quota fishery cod herring net bycatch harbour landing-fee
plastic microbead beach-cleanup polymer gyre bottle landfill recycling litter
trench submersible hydrothermal vent nodule manganese abyss seabed dredging
tide estuary saltmarsh dyke flooding storm-surge levee sandbank erosion
[economy]
inflation interest-rate banknote mortgage treasury deflation pricing currency borrowing
tariff export customs freight container trade-deficit embargo duty importer
startup investor venture valuation unicorn founder pitch seed-money shareholder
wage strike union pension overtime payroll minimum-pay picket bargaining
housing landlord rent tenant eviction homeowner zoning apartment deposit
bankruptcy creditor insolvency receiver liquidation audit bondholder write-off auditor
[technology]
chip transistor lithography foundry nanometre semiconductor cleanroom wafer-fab photoresist
chatbot language-model prompt hallucination training-data tokenizer transparency algorithm dataset
ransomware hacker phishing firewall password malware encryption breach botnet
quantum qubit superposition cryostat entanglement annealing decoherence superconductor ion-trap
smartphone touchscreen headset firmware repairability gadget accessory earbud charger-port
robot gripper actuator warehouse humanoid automation lidar exoskeleton sensor
[food]
bread sourdough yeast flour bakery crust dough oven miller
cheese rennet curd dairy brie rind goat-milk creamery affineur
coffee espresso barista roastery arabica bean caffeine latte plantation
wine vineyard harvest grape tannin cellar sommelier cork terroir
chocolate cocoa truffle praline cacao confectioner sugar bitterness tempering
mushroom foraging truffle-dog mycelium spore fungus chanterelle basket woodland
[sport]
marathon runner pacemaker-car shoe finish-line stamina blister kilometre spectator
football goalkeeper striker penalty offside midfield stadium referee substitution
cycling peloton sprint bicycle helmet breakaway velodrome gradient doping
tennis racket serve backhand umpire tiebreak grass-court volley ranking-point
climbing crag bouldering belay rope summit harness carabiner sherpa
swimming freestyle backstroke lane goggles relay butterfly-stroke lifeguard pool
[history]
pharaoh pyramid mummy hieroglyph tomb papyrus sarcophagus scarab nile
viking longship rune saga norse raid burial-mound fjord chieftain
roman legion aqueduct gladiator forum mosaic emperor villa centurion
plague quarantine pestilence gravedigger friar outbreak rat-flea medieval almshouse
revolution guillotine bastille pamphlet monarchy uprising republic barricade tricolour
archive manuscript parchment scribe library scroll ink monastery codex
[animals]
wolf pack sheepdog howl den rewilding predator cub elk
penguin colony iceberg chick rookery feather moulting icefloe rockhopper
elephant ivory poacher tusk herd savanna matriarch ranger waterhole
beetle insect pollinator larva hive honeybee pesticide nectar meadow
tiger stripe jungle prey camera-trap mangrove claw roar reserve
parrot aviary plumage beak rainforest mimicry nest macaw smuggler
[cities]
tram railway timetable commuter platform station-hall ticket signalling carriage
bicycle-lane pedestrian crossing pavement traffic-light scooter congestion kerb crosswalk
skyscraper architect facade elevator concrete scaffold crane penthouse glazing
park playground bench lawn gardener allotment tree-canopy shade fountain
sewer wastewater drain manhole treatment-plant sludge rainwater pipe plumber
museum-quarter mural graffiti gallery sculpture curator biennale canvas exhibition
[music]
violin bow luthier string-quartet rosin maple varnish soloist cadenza
synthesizer drum-machine sampler modular oscillator techno bassline vinyl turntable
opera soprano libretto aria baritone overture curtain rehearsal conductor
jazz saxophone trumpet improvisation swing quintet trombone bebop clarinet
festival headliner campsite stage-crew mud wristband line-up merch encore
choir hymn organ cathedral psalm chorister cantata pipe-organ evensong
[education]
kindergarten toddler nursery crayon nap-time playgroup childminder storybook puppet
university lecture professor tuition campus seminar dissertation scholarship dean
apprentice workshop carpenter vocational lathe journeyman toolbox craftsman guild
exam grading syllabus marking pupil homework report-card multiple-choice revision-week
literacy alphabet spelling handwriting dyslexia phonics reading-age vocabulary tutor
mathematics geometry theorem equation algebra blackboard proof fraction olympiad
[law]
courtroom juror verdict defendant testimony barrister acquittal bailiff gavel
patent trademark licensing inventor infringement royalty counterfeit copyright prior-art
asylum border refugee passport deportation visa shelter caseworker smuggling-route
privacy consent-form surveillance data-protection wiretap cookie regulator biometrics fine-notice
prison inmate parole cell-block rehabilitation warden sentencing probation overcrowding
antitrust monopoly merger cartel dominance price-fixing competition-watchdog divestment dawn-raid
[climate]
glacier meltwater moraine icecap crevasse retreat-rate serac snowline permafrost
wildfire smoke firefighter evacuation ember drought-index helicopter firebreak arson
carbon-tax emission allowance offsetting decarbonisation steelworks kiln cement furnace
hurricane cyclone windspeed landfall eyewall barometer forecast-model tornado meteorologist
drought reservoir irrigation aquifer well groundwater rainfall cactus desalination
forest logging sapling peatland moss deforestation timber sawmill canopy
[travel]
airline cockpit runway boarding-pass turbulence stewardess jet-lag luggage layover
ferry archipelago quay deckhand gangway cabin lighthouse mooring islander
hostel backpacker hitchhiking guidebook itinerary dormitory postcard souvenir budget-trip
sleeper-train dining-car conductor-bell compartment night-express bunk railcard locomotive whistle
hiking trail boot waymark alpine-hut rucksack ridge campfire compass
cruise buffet excursion port-call deck-chair stateroom itinerary-change captain liner
"""


@cache
def threads() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return topic -> its threads, each the words that mark it."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    topic = ""
    for line in filter(None, _TABLE.splitlines()):
        if line.startswith("["):
            topic = line.strip("[]")
            found[topic] = ()
        else:
            found[topic] += (tuple(word.replace("-", " ") for word in line.split()),)
    return found
