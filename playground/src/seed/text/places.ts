export interface Place {
  name: string;
  country: string;
  /** What people eat there, as it stands in a sentence. */
  dish: string;
  /** A spot that a reader can look up and walk to. */
  spot: string;
  /** The best time to go. */
  season: string;
}

const place = (name: string, country: string, dish: string, spot: string, season: string): Place => ({
  name,
  country,
  dish,
  spot,
  season,
});

export const places: readonly Place[] = [
  place('Lisbon', 'Portugal', 'grilled sardines', 'the viewpoints above Alfama', 'June'),
  place('San Sebastián', 'Spain', 'gilda pintxos', 'the curve of La Concha', 'October'),
  place('Naples', 'Italy', 'fried pizza', 'the length of Spaccanapoli', 'April'),
  place('Lyon', 'France', 'pike quenelles', 'the covered passages of Croix-Rousse', 'November'),
  place('Marseille', 'France', 'bouillabaisse', 'the fish stalls of the Vieux-Port', 'May'),
  place('Ghent', 'Belgium', 'waterzooi', 'the guild houses on the Graslei', 'February'),
  place('Copenhagen', 'Denmark', 'smørrebrød', 'the canals of Christianshavn', 'August'),
  place('Bergen', 'Norway', 'creamy fish soup', 'the wooden wharf of Bryggen', 'May'),
  place('Kraków', 'Poland', 'pierogi with sour cherries', 'the courtyards of Kazimierz', 'September'),
  place('Budapest', 'Hungary', 'lángos', 'the great hall of the central market', 'March'),
  place('Ljubljana', 'Slovenia', 'tarragon štruklji', 'the colonnade along the Ljubljanica', 'May'),
  place('Athens', 'Greece', 'warm sesame koulouri', 'the stalls of Varvakios', 'November'),
  place('Chania', 'Greece', 'dakos', 'the Venetian harbour', 'October'),
  place('Istanbul', 'Türkiye', 'fish sandwiches', 'the Galata Bridge at dusk', 'April'),
  place('Gaziantep', 'Türkiye', 'pistachio baklava', 'the coppersmiths’ bazaar', 'September'),
  place('Tbilisi', 'Georgia', 'khinkali', 'the sulphur baths of Abanotubani', 'October'),
  place('Fez', 'Morocco', 'pigeon pastilla', 'the lanes behind the Qarawiyyin', 'March'),
  place('Essaouira', 'Morocco', 'charcoal-grilled sardines', 'the ramparts over the Atlantic', 'May'),
  place('Tunis', 'Tunisia', 'brik with a runny egg', 'the souks around the Zitouna mosque', 'April'),
  place('Cairo', 'Egypt', 'koshari', 'the lanes of Khan el-Khalili', 'January'),
  place('Zanzibar', 'Tanzania', 'urojo soup', 'the evening stalls of Forodhani', 'July'),
  place('Cape Town', 'South Africa', 'bobotie', 'the painted streets of Bo-Kaap', 'February'),
  place('Dakar', 'Senegal', 'thieboudienne', 'the boats of Soumbédioune', 'December'),
  place('Beirut', 'Lebanon', 'za’atar man’oushe', 'the Corniche in the early morning', 'May'),
  place('Kochi', 'India', 'pearl spot in banana leaf', 'the fishing nets of Fort Kochi', 'January'),
  place('Kolkata', 'India', 'kathi rolls', 'the bookstalls of College Street', 'December'),
  place('Galle', 'Sri Lanka', 'egg hoppers', 'the walls of the old fort', 'February'),
  place('Hoi An', 'Vietnam', 'cao lau noodles', 'the lantern-lit quay of the Thu Bon', 'March'),
  place('George Town', 'Malaysia', 'asam laksa', 'the clan jetties', 'July'),
  place('Yogyakarta', 'Indonesia', 'gudeg', 'the batik workshops around the Kraton', 'August'),
  place('Chiang Mai', 'Thailand', 'khao soi', 'the flower stalls of Warorot', 'November'),
  place('Kyoto', 'Japan', 'simmered tofu', 'the arcade of Nishiki', 'January'),
  place('Kanazawa', 'Japan', 'snow crab', 'the halls of Omicho market', 'December'),
  place('Busan', 'South Korea', 'pork soup with rice', 'the tanks of Jagalchi', 'October'),
  place('Oaxaca', 'Mexico', 'mole negro', 'the smoke-filled hall of 20 de Noviembre', 'November'),
  place('Cartagena', 'Colombia', 'egg-filled arepas', 'the plazas of Getsemaní', 'January'),
  place('Lima', 'Peru', 'ceviche', 'the sea cliffs of Barranco', 'March'),
  place('Valparaíso', 'Chile', 'chorrillana', 'the funiculars of Cerro Alegre', 'November'),
  place('Salvador', 'Brazil', 'acarajé', 'the steep squares of Pelourinho', 'September'),
  place('Hobart', 'Australia', 'scallop pie', 'the Saturday stalls at Salamanca', 'March'),
];
