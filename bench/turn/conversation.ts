/** One exchange of the conversation that is measured. */
export interface Exchange {
  /** Of 20 to 45 tokens, as students write. */
  message: string;
  /** Of 100 to 130 tokens; said by nobody where a model answers by itself. */
  answer: string;
  /** What a model might note before it answers. */
  notes: string;
}

/** The rules want guidance, clarity, practice and formulas in some of these messages and nothing in others. */
export const CONVERSATION: readonly Exchange[] = [
  {
    message:
      "Hi! I have a biology test on Friday and I keep mixing up mitosis and meiosis. Can you explain how they are different and why the body needs both of them?",
    answer:
      "Good that you start early! **Mitosis** makes two cells that are copies of the first one. Your body uses it to grow and to repair a cut on your skin. **Meiosis** makes four cells, each with half of the chromosomes, and none of them is like another. It happens only where eggs and sperm are made.\n\nWhy half? When two such cells meet, the number is whole again. If they came from mitosis, it would double in every generation.\n\nHere is a first question for you: a skin cell with 46 chromosomes divides by mitosis. How many chromosomes does each new cell have, and how do you know?",
    notes:
      "The student confuses two kinds of division. Compare number of cells, number of chromosomes, purpose. Ask back.",
  },
  {
    message:
      "46, because they are copies. But I still don't understand why crossing over only happens in meiosis, don't the cells have the same DNA anyway?",
    answer:
      "Right, 46, and for the right reason. The hard point here is what lies side by side. Think of two cookbooks with the same recipes, one from your mother and one from your father. In mitosis each book is copied by itself, and the two never meet. In meiosis they lie open next to each other, page by page, and the cook may swap a page of one for the same page of the other. That is **crossing over**: same recipes, new mix.\n\nSo the cells have the same kinds of genes, yet not the same versions of them. Can you say in your own words why a child is not a copy of one parent?",
    notes:
      "Answer was right. Confusion: same genes against same versions. Use a picture from daily life, then one easy question.",
  },
  {
    message:
      "Okay, that helps a lot. Could you quiz me on the phases now, so that I can see whether I really know them?",
    answer:
      "Happy to! Picture the cell in four scenes: the chromosomes become visible, they line up in the middle, they are pulled apart, and two new cores form. Keep these scenes in mind while you read.\n\nQuestion: In which phase are the two halves of each chromosome pulled to opposite ends of the cell?\nA) Prophase\nB) Metaphase\nC) Anaphase\nD) Telophase\nChoose one.\n\nTake your time, and do not look it up: a wrong answer shows us what to practise. When you have chosen, tell me also what you see in the cell just before that moment, because that is where most mistakes come from.",
    notes: "Practice wanted: phases of mitosis. Right answer C, anaphase. Wrong options are the other phases.",
  },
  {
    message:
      "I think it is C, because the chromosomes are pulled apart then, but I'm not sure what comes just before it.",
    answer:
      "Correct: it is the anaphase, and your reason is the right one. Fibres that hang on the middle of each chromosome become shorter and draw its two halves apart.\n\nJust before it comes the **metaphase**. A way to keep it in mind: M stands for metaphase and for middle. All chromosomes stand in a row in the middle of the cell, and the cell checks that each of them is held from both sides. Only when the last one is held may the next phase begin.\n\nNow think one step further: what would the two new cells look like if the cell did not wait, and one chromosome were held from one side only?",
    notes:
      "Answer C is right. Missing: metaphase, chromosomes in the middle. Offer one step further, do not tell the result.",
  },
  {
    message:
      "How do I work out how many different gametes a cell with 4 pairs of chromosomes can make? My teacher wrote 2^4 and I don't see where that comes from.",
    answer:
      "Let us find it with fewer pairs first. With one pair there are two choices: the chromosome from your mother or the one from your father, so $2$ gametes. With two pairs, each choice for the first can go with each choice for the second:\n\n$$2 \\cdot 2 = 4$$\n\nEvery further pair doubles the number once more, because its two choices go with all that were there before. That is all that the power says: as many factors of two as there are pairs.\n\nNow you: write down the product for three pairs, count how many twos it has, and tell me how your teacher's formula comes from there.",
    notes:
      "Principle: independent choices multiply. Formula: 2 to the number of pairs. Start with one and two pairs. Result is for the tutor only.",
  },
  {
    message:
      "So for humans with 23 pairs it would be more than eight million? That seems like a lot for only two parents, is that really right?",
    answer:
      "Your number is right, and your surprise is fair. Twenty-three doublings grow faster than we expect: after ten of them there are already more than a thousand possibilities, and after twenty more than a million.\n\nAnd this counts only which whole chromosome goes where. Crossing over mixes the pages within each pair as well, so in truth there are far more. A child then gets one such cell from each parent, which is why brothers and sisters are alike and yet never the same, unless they are twins from one egg.\n\nTo be sure that it has settled: which of the two sources of variety would a plant lose if it made its seeds by mitosis alone?",
    notes:
      "The number is right: two to the power of 23. Add crossing over and the second parent. End with one question.",
  },
];
