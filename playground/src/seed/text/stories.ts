export interface Story {
  /** The name of its category. */
  category: string;
  title: string;
  summary: string;
  opening: string;
  middle: readonly string[];
  tags: readonly string[];
}

/** `{place}`, `{country}`, `{dish}`, `{Dish}`, `{spot}` and `{season}` are filled in per article. */
export const stories: readonly Story[] = [
  {
    category: 'City Walks',
    title: 'A slow walk through {place}',
    summary: 'Start at {spot}, put the map away, and let lunch decide the rest of the route.',
    opening:
      'There are faster ways to see {place}. None of them pass {spot} at the hour when the shutters go up and the first bread is carried across the street.',
    middle: [
      'We walked for three hours and covered less than four kilometres. A cobbler waved us in to look at a photograph of his grandfather. A woman sold us apricots and insisted that we eat one before paying.',
      'The best corner of the walk is not on any list. Turn away from the main street where it bends, follow the smell of coffee, and sit on the wall for ten minutes. Everybody who lives here passes in those ten minutes.',
    ],
    tags: ['Walking', 'Coffee', 'History'],
  },
  {
    category: 'City Walks',
    title: '{place} before breakfast',
    summary:
      'Between five and eight the city belongs to bakers, gulls and people with good reasons to be up.',
    opening:
      'At ten past five {place} is blue. The only lit window on the street is the bakery, and the only queue in town is two taxi drivers and us.',
    middle: [
      'By six the delivery vans have taken over {spot}. Crates are stacked, hoses are run over the stones, and someone is already laughing too loudly at a joke we did not catch.',
      'Nobody asks what you are doing at this hour. They assume that you have work, or a train, or a child who does not sleep, and they hand you something warm.',
    ],
    tags: ['Walking', 'Breakfast', 'Bread'],
  },
  {
    category: 'The Long Way',
    title: 'The long way to {place}',
    summary: 'Two changes, one missed connection and the best sandwich of the year on the way to {country}.',
    opening:
      'The timetable promised a morning. It took us a day and a half to reach {place}, and we would not give back an hour of it.',
    middle: [
      'Slow travel is mostly waiting, and waiting is mostly talking. On the second platform we were given half a melon. On the third we gave away a book.',
      'When {spot} finally came into view, nobody in the compartment stood up at once. It seemed polite to arrive at the speed at which we had travelled.',
    ],
    tags: ['Trains', 'Ferries', 'Picnics'],
  },
  {
    category: 'Recipes',
    title: 'How {place} makes {dish}',
    summary: 'Four kitchens, four methods, and one rule that nobody breaks.',
    opening:
      'Ask for the recipe in {place} and you will be given an opinion. We asked in four kitchens about {dish}, and wrote down what they agreed on.',
    middle: [
      'They agreed on patience. Everything else is open: the size of the pot, the order of things, whether a grandmother should be mentioned. Low heat came up in every kitchen, and so did salt at the end rather than at the start.',
      'Buy less than you think and buy it in the morning. The cook who feeds forty people near {spot} shops every day with a bag no larger than a schoolchild’s.',
    ],
    tags: ['Herbs', 'Spices', 'Family'],
  },
  {
    category: 'Recipes',
    title: '{Dish}, at home and without fuss',
    summary: 'Our test kitchen took a classic of {place} apart and put it back together for a weekday.',
    opening:
      'We came home from {place} with a notebook, a burnt thumb and a firm belief that {dish} could be made in an ordinary kitchen. It took three attempts.',
    middle: [
      'The first attempt was too careful. The second was too proud. For the third we read the notes again and did what the cook had told us: leave it alone until it smells ready, and then leave it alone a little longer.',
      'If a shop near you does not carry what the original asks for, do not hunt for it across town. Use what is fresh, keep the method, and call it by its own name.',
    ],
    tags: ['Family', 'Vegetables', 'Budget'],
  },
  {
    category: 'Markets',
    title: 'A morning at the market in {place}',
    summary: 'What to buy, what to taste and when to step out of the way.',
    opening:
      'The market in {place} has rules, and nobody will tell you what they are. The first is that you greet before you point.',
    middle: [
      'By seven the serious buyers have left. What remains until ten is the social hour: prices soften, tomatoes are weighed with a thumb on the right side of the scale, and advice on {dish} is free.',
      'We followed a cook from stall to stall towards {spot}. She touched everything, bought a third of it, and was thanked each time.',
    ],
    tags: ['Vegetables', 'Fish', 'Herbs'],
  },
  {
    category: 'Street Food',
    title: 'Where to find {dish} in {place}',
    summary: 'Six counters, ranked by nobody, each of them worth crossing town for.',
    opening:
      'Everyone in {place} has a favourite counter, and it is always the one closest to where they went to school. We tried six in two days.',
    middle: [
      'The smallest has room for three elbows. It opens when the owner has finished her own lunch and closes when the pan is empty, which on Fridays means half past one.',
      'The one by {spot} is loud, quick and better than it needs to be. Stand on the shaded side, order what the person before you ordered, and have small coins ready.',
    ],
    tags: ['Budget', 'Open Fire', 'Spices'],
  },
  {
    category: 'Street Food',
    title: 'What {place} eats after midnight',
    summary: 'The second dinner of the city, told by the people who cook it.',
    opening:
      'After midnight the menus in {place} get shorter and more honest. There is soup, there is bread, and there is whatever the cook would eat.',
    middle: [
      'Night cooks know everybody: nurses going off shift, musicians, bakers on their way in. The talk is quiet and the plates come back clean.',
      'Towards two, someone always asks for {dish}, and the answer is always the same shrug and the same full plate.',
    ],
    tags: ['Late Night', 'Soup', 'Noodles'],
  },
  {
    category: 'Conversations',
    title: '“I cook what my mother cooked”: an afternoon in {place}',
    summary: 'A cook with thirty years at the same stove on patience, prices and the right spoon.',
    opening:
      'She has cooked near {spot} for thirty years and has never written anything down. “If I write it, somebody will argue with it,” she says.',
    middle: [
      'We talk about prices, which have doubled, and about plates, which have not become smaller. We talk about apprentices. The good ones taste; the very good ones ask why.',
      '“People think {dish} is about the ingredients,” she says, wiping a spoon that was already clean. “It is about who you are waiting for.”',
    ],
    tags: ['Family', 'History', 'Soup'],
  },
  {
    category: 'Makers',
    title: 'The people who feed {place}',
    summary: 'A day with a miller, a fisherman and a woman who repairs ovens.',
    opening:
      'Before anything is served in {place}, it is ground, hauled, carried and lit. We spent a day with the people who do that part.',
    middle: [
      'The miller starts at four and is done with talking by nine. The flour is still warm when the bakers collect it, and they press it in their palms as if to check its pulse.',
      'Ovens break on holidays. The woman who repairs them keeps a bicycle, two trowels and a list of whose dough is already rising. She has never been late, and she has never paid for lunch.',
    ],
    tags: ['Bread', 'Baking', 'Open Fire'],
  },
  {
    category: 'Long Weekends',
    title: 'Forty-eight hours in {place}',
    summary: 'Two nights, five meals and one long look at {spot}.',
    opening:
      'Two days are enough for {place} if you accept that you will come back. Here is how we spent ours, with the mistakes taken out.',
    middle: [
      'Arrive in the afternoon and do nothing clever. Walk to {spot}, order something cold, and watch what the tables around you are eating. Tomorrow’s lunch is on one of them.',
      'Keep the second morning free. It is the one you will remember: an hour by the water, a paper bag going transparent at the corner, and no reason to be anywhere.',
    ],
    tags: ['Budget', 'Coast', 'Wine'],
  },
  {
    category: 'Long Weekends',
    title: '{place} in {season}',
    summary: 'Fewer people, softer light and a table by the window: our case for {season}.',
    opening:
      'Friends told us that {season} was the wrong month for {place}. They were thinking of postcards. We were thinking of lunch.',
    middle: [
      'The light is lower and stays longer on the stones around {spot}. Waiters sit down between courses. A museum guard showed us his favourite room twice.',
      'In {season} the kitchens cook for the people who live here, and {dish} tastes the way it is described by those who have moved away.',
    ],
    tags: ['Off Season', 'Sea Air', 'Rivers'],
  },
];

export const closings: readonly string[] = [
  'We left with a jar wrapped in newspaper and an address that we have promised not to print.',
  'On the way back nobody spoke for a while. Then somebody asked what was for dinner.',
  'If you go, go hungry, and give our regards to the man with the green apron.',
  'There is a bench outside. We recommend it.',
  'The last boat had gone by then, which turned out to be the best part of the plan.',
  'It rained on the final morning, and the whole street came to stand under the same awning.',
];

export const notes: readonly string[] = [
  '**When to go:** {season}, or any week in which nobody you know is going.',
  '**What to order:** {dish}, and whatever is written on the wall rather than on the menu.',
  '**Where to sit:** close to {spot}, facing the street.',
  '**What to bring:** small change, a cloth bag and a word or two of the language.',
  '**What to skip:** any place with photographs of the food outside.',
  '**How long to stay:** one day longer than you have.',
];
