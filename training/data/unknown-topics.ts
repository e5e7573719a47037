import type { Dice } from "./dice";

/** Things that the curriculum has nothing about, of all walks of life. */
const REAL = `
bitcoin; blockchain; the stock market; mortgage rates; credit cards; income tax; my tax return; crypto wallets; day trading;
venture capital; search engine optimization; marketing funnels; python decorators; javascript promises; docker; kubernetes;
react hooks; sql joins; linux commands; git rebase; machine learning; neural networks; chatbots; quantum computers; 3d printing;
self driving cars; drones; smartphones; the newest phone; video editing; photoshop; minecraft; fortnite; roblox; pokemon;
chess openings; poker rules; the world cup; basketball players; the super bowl; formula one; tennis scores; swimming strokes;
skateboarding tricks; yoga poses; weight lifting; marathon training; keto diets; how to bake bread; pizza dough; sushi; cake
recipes; coffee beans; green tea; wine pairing; vegan cooking; knitting; sewing; gardening tips; house plants; lawn care; dog
training; cat food; goldfish care; horse riding; car repair; oil changes; bicycle brakes; plumbing; wall paint; kitchen
furniture; wedding planning; birthday presents; gift ideas; dating advice; my boyfriend; my sister; friendship problems; baby
names; zodiac signs; horoscopes; tarot cards; ghosts; aliens; bigfoot; conspiracy theories; superheroes; star wars; harry potter;
anime; manga; k-pop; taylor swift songs; guitar chords; piano scales; drum lessons; opera; ballet; oil painting; watercolors;
photography; movie reviews; netflix series; celebrity gossip; fashion trends; makeup; hair styles; tattoos; perfumes; travel to
japan; flights to paris; hotels in rome; visa rules; currency exchange rates; train schedules; the weather tomorrow; the news
today; election results; the prime minister of canada; football transfers; lottery numbers; jokes; riddles; poems about rain;
french verbs; spanish vocabulary; japanese letters; latin grammar; sign language; korean; swedish; esperanto; medieval armor
prices; heraldry; stamp collecting; coin collecting; origami; magic tricks; juggling; card games; escape rooms; theme parks;
string theory; dark matter; black hole firewalls; quantum field theory; general relativity tensors; superconductors; topology;
category theory; group theory; differential geometry; fourier transforms; partial differential equations; number theory proofs;
game theory; econometrics; macroeconomics; microeconomics; inflation; trade tariffs; accounting; bookkeeping; insurance;
contract law; patents; copyright law; criminal law; human rights courts; psychoanalysis; freud; behaviorism; sociology;
anthropology; archaeology digs; kant; nietzsche; stoicism; existentialism; buddhism; islamic art; the bible; greek orthodox
icons; shakespeare's sonnets; moby dick; the great gatsby; james joyce; haiku; film noir; jazz; hip hop; baroque music; beethoven;
gothic cathedrals; bridge construction; electrical wiring; transistors; microcontrollers; radio antennas; jet engines; sailing;
submarines; railways of india; airport codes; maps of africa; the population of brazil; capitals of asia; volcano tours;
deep sea fish; butterflies; mushrooms; bird songs; dinosaurs of china; bee keeping; pottery; glass blowing; leather work; soap
making; candles; perfume chemistry; pharmacy exams; anatomy of the knee; flu shots; headaches; back pain; vitamins; sleep
problems; braces; glasses; first aid courses; medical school; law school; college admissions; scholarships; job interviews;
my resume; cover letters; salaries; part time jobs; starting a company; business plans; podcasts; streaming; social media;
instagram followers; tiktok dances; passwords; computer viruses; wifi routers; printers; spreadsheets; keyboards; headphones`
  .split(";")
  .map((name) => name.trim().replace(/\s+/g, " "));

const STARTS = [
  "b",
  "br",
  "c",
  "cl",
  "d",
  "dr",
  "f",
  "fl",
  "g",
  "gr",
  "h",
  "j",
  "k",
  "kr",
  "l",
  "m",
  "n",
  "p",
  "pl",
  "qu",
];
const MORE_STARTS = ["r", "s", "sk", "sl", "sp", "st", "t", "tr", "v", "w", "x", "z", "zh", "th", "ch", "sh", ""];
const MIDDLES = ["a", "e", "i", "o", "u", "ai", "ea", "oo", "ou", "y", "ia", "ei"];
const ENDS = ["", "", "n", "r", "l", "s", "t", "k", "m", "nd", "rk", "x", "st", "ng", "b", "p"];
const SUFFIXES = [
  "",
  "",
  "",
  "ism",
  "ology",
  "ity",
  "ation",
  "ics",
  "ium",
  "er",
  "ing",
  "s",
  "ian",
  "ia",
  "ary",
  "ment",
  "ide",
];
const PATTERNS = [
  "{w}",
  "{w}",
  "{w}",
  "the {w}",
  "{w} {w}",
  "the {w} theorem",
  "the law of {w}",
  "{w} theory",
  "the {w} war",
  "the history of {w}",
  "the {w} of {w}",
  "{w} numbers",
  "{w} cells",
  "the {w} effect",
  "king {w}",
  "the city of {w}",
  "{w} reactions",
  "how to {w}",
  "{w} writing",
];

/** A topic nobody taught: half real ones, half made-up words, so that it is the unknown word that is recognised. */
export function unknownTopic(dice: Dice, known: ReadonlySet<string>): string {
  for (;;) {
    const topic = dice.chance(0.4) ? dice.pick(REAL) : dice.pick(PATTERNS).replace(/\{w\}/g, () => madeUpWord(dice));
    if (!known.has(topic)) return topic;
  }
}

function madeUpWord(dice: Dice): string {
  const syllables = dice.between(1, 3);
  let word = "";
  for (let index = 0; index < syllables; index++)
    word +=
      dice.pick([...STARTS, ...MORE_STARTS]) + dice.pick(MIDDLES) + (index === syllables - 1 ? dice.pick(ENDS) : "");
  return word + dice.pick(SUFFIXES);
}
