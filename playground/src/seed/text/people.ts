export interface Person {
  name: string;
  bio: string;
  company: string;
}

const person = (name: string, company: string, bio: string): Person => ({ name, company, bio });

export const people: readonly Person[] = [
  person(
    'Ines Carvalho',
    'Tide & Table',
    'Edits the magazine and still cooks for the proofreaders on Thursdays.',
  ),
  person(
    'Tomas Lindqvist',
    'Northlight Pictures',
    'Photographs harbours in weather that other people avoid.',
  ),
  person('Amara Diallo', 'Independent', 'Writes about rice, memory and the long lunches of Dakar.'),
  person('Giulia Ferrante', 'Forno Ferrante', 'A baker first and a writer on her day off, which is Monday.'),
  person(
    'Henrik Aas',
    'Independent',
    'Has crossed the North Sea eleven times and was hungry on each of them.',
  ),
  person('Mei Tanaka', 'Tide & Table', 'Tests every recipe three times, the third one for the neighbours.'),
  person('Rafael Ortega', 'Casa Ortega', 'Runs a small dining room and reports on the markets that feed it.'),
  person('Nadia Benali', 'Independent', 'Grew up above a spice shop and follows the trade from port to pan.'),
  person('Oliver Whitcombe', 'Slow Rail Letters', 'Travels by train, writes by hand and answers his post.'),
  person(
    'Sofia Marković',
    'Tide & Table',
    'Looks after the pictures and knows where every one of them was taken.',
  ),
  person('Lucas Moreau', 'Bistrot Moreau', 'Left a grand kitchen for a little one and has not looked back.'),
  person('Priya Raman', 'Independent', 'Writes about breakfast on three coasts of the Indian Ocean.'),
  person(
    'Eleni Vassiliou',
    'Kallisti Books',
    'Collects island recipes and the arguments that come with them.',
  ),
  person('Daniel Okafor', 'Independent', 'Walks cities from the edge to the middle, never the other way.'),
  person('Hana Kovářová', 'Tide & Table', 'Draws the maps, including the ones on napkins.'),
  person(
    'Mateo Quispe',
    'Cooperativa Sol',
    'Grows potatoes of forty colours and writes about eight of them.',
  ),
  person('Freya Lund', 'Northlight Pictures', 'Films ovens, boats and people who talk with their hands.'),
  person('Yusuf Demir', 'Independent', 'Knows who makes the best tea in most of the towns he names.'),
  person('Clara Beaumont', 'Tide & Table', 'Translates the French edition and improves it on the way.'),
  person('Samuel Reyes', 'Independent', 'Reports on fishing towns, tides and the price of ice.'),
];
