export interface Section {
  name: string;
  description: string;
  children: readonly { name: string; description: string }[];
}

export const sections: readonly Section[] = [
  {
    name: 'Journeys',
    description: 'Places taken slowly, on foot and by rail.',
    children: [
      { name: 'City Walks', description: 'One neighbourhood at a time, with good shoes and no plan.' },
      { name: 'The Long Way', description: 'Trains, ferries and other reasons to arrive late.' },
    ],
  },
  {
    name: 'Kitchens',
    description: 'What is cooked, how it is cooked, and who taught whom.',
    children: [
      { name: 'Recipes', description: 'Dishes that travel well, tested in a small kitchen.' },
      { name: 'Markets', description: 'Mornings among crates, scales and strong opinions.' },
      { name: 'Street Food', description: 'Things eaten standing up, and worth the queue.' },
    ],
  },
  {
    name: 'People',
    description: 'Cooks, growers, bakers and those who keep them company.',
    children: [
      { name: 'Conversations', description: 'An hour at the table with someone worth listening to.' },
      { name: 'Makers', description: 'Workshops, ovens, boats and the hands behind them.' },
    ],
  },
  {
    name: 'Planning',
    description: 'Notes that save a morning or make a weekend.',
    children: [{ name: 'Long Weekends', description: 'Two nights, three meals a day, no rush.' }],
  },
];

export const tags: readonly string[] = [
  'Baking',
  'Breakfast',
  'Bread',
  'Budget',
  'Coast',
  'Coffee',
  'Family',
  'Fermentation',
  'Ferries',
  'Fish',
  'Gardens',
  'Harbours',
  'Herbs',
  'History',
  'Islands',
  'Late Night',
  'Mountains',
  'Noodles',
  'Off Season',
  'Open Fire',
  'Pastry',
  'Picnics',
  'Rivers',
  'Sea Air',
  'Soup',
  'Spices',
  'Trains',
  'Vegetables',
  'Walking',
  'Wine',
];
