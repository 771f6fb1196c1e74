export interface PageText {
  title: string;
  lead: string;
  text: string;
  button: string;
}

export interface PageTexts {
  en: PageText;
  fr: PageText;
}

const t = (title: string, lead: string, text: string, button: string): PageText => ({
  title,
  lead,
  text,
  button,
});

export const pageTexts: readonly PageTexts[] = [
  {
    en: t(
      'About us',
      'A magazine about places and what is eaten there.',
      'Tide & Table began as a letter to six friends. It is still written as one: by people who went, sat down and asked.',
      'Read the latest stories',
    ),
    fr: t(
      'Qui sommes-nous',
      'Un magazine sur les lieux et ce que l’on y mange.',
      'Tide & Table est né d’une lettre à six amis. Nous l’écrivons toujours ainsi : sur place, à table, en posant des questions.',
      'Lire les derniers récits',
    ),
  },
  {
    en: t(
      'How we travel',
      'Slowly, and by rail where there is one.',
      'We pay for our own tickets, stay long enough to be bored once, and never publish a place we visited for a single meal.',
      'See our journeys',
    ),
    fr: t(
      'Notre façon de voyager',
      'Lentement, et en train quand il y en a un.',
      'Nous payons nos billets, nous restons assez longtemps pour nous ennuyer une fois, et nous ne publions jamais une adresse après un seul repas.',
      'Voir nos voyages',
    ),
  },
  {
    en: t(
      'The test kitchen',
      'Every recipe is cooked three times.',
      'Once by its author, once by somebody who has never seen it, and once by whoever is hungry. Only then does it go to print.',
      'Browse the recipes',
    ),
    fr: t(
      'La cuisine d’essai',
      'Chaque recette est préparée trois fois.',
      'Une fois par son auteur, une fois par quelqu’un qui ne la connaît pas, et une fois par celui qui a faim. Ensuite seulement, elle est imprimée.',
      'Parcourir les recettes',
    ),
  },
  {
    en: t(
      'Write for us',
      'We answer every letter, sometimes late.',
      'Send a pitch of one page: where you were, who was cooking, and what surprised you. Photographs are welcome and never required.',
      'Send a pitch',
    ),
    fr: t(
      'Écrire pour nous',
      'Nous répondons à chaque lettre, parfois en retard.',
      'Envoyez une page : où vous étiez, qui cuisinait, ce qui vous a surpris. Les photographies sont bienvenues, jamais obligatoires.',
      'Proposer un récit',
    ),
  },
  {
    en: t(
      'Membership',
      'Four issues, twelve letters and a seat at the long table.',
      'Members keep the magazine free of advertising for restaurants. They also receive the recipes a week early.',
      'Become a member',
    ),
    fr: t(
      'Adhésion',
      'Quatre numéros, douze lettres et une place à la grande table.',
      'Nos membres permettent au magazine de se passer de publicité pour des restaurants. Ils reçoivent aussi les recettes une semaine plus tôt.',
      'Devenir membre',
    ),
  },
  {
    en: t(
      'Give a subscription',
      'A present that arrives four times.',
      'Tell us the name and the address, and write a line for the card. We wrap the first issue in the map of the season.',
      'Choose a gift',
    ),
    fr: t(
      'Offrir un abonnement',
      'Un cadeau qui arrive quatre fois.',
      'Donnez-nous un nom, une adresse et un mot pour la carte. Le premier numéro est emballé dans la carte de la saison.',
      'Choisir un cadeau',
    ),
  },
  {
    en: t(
      'The newsletter',
      'One letter a month, short enough for a coffee.',
      'A story, a recipe and a question from a reader. No tracking, and one click to leave.',
      'Subscribe',
    ),
    fr: t(
      'La lettre du mois',
      'Une lettre par mois, le temps d’un café.',
      'Un récit, une recette et la question d’un lecteur. Aucun suivi, et un seul clic pour partir.',
      'S’abonner',
    ),
  },
  {
    en: t(
      'Events',
      'Dinners, readings and the occasional walk.',
      'We set one long table in a different town every season. Thirty seats, one menu, no speeches.',
      'See the dates',
    ),
    fr: t(
      'Rencontres',
      'Des dîners, des lectures et parfois une promenade.',
      'Chaque saison, nous dressons une grande table dans une autre ville. Trente places, un menu, pas de discours.',
      'Voir les dates',
    ),
  },
  {
    en: t(
      'A calendar of seasons',
      'What is good, where, and until when.',
      'Artichokes in March, sardines in June, mushrooms when it has rained. Our calendar follows markets rather than months.',
      'Open the calendar',
    ),
    fr: t(
      'Le calendrier des saisons',
      'Ce qui est bon, où, et jusqu’à quand.',
      'Les artichauts en mars, les sardines en juin, les champignons après la pluie. Notre calendrier suit les marchés plutôt que les mois.',
      'Ouvrir le calendrier',
    ),
  },
  {
    en: t(
      'Maps',
      'Drawn by hand, checked on foot.',
      'Each map fits in a pocket and leaves things out on purpose. Benches are marked, and so is shade.',
      'Look at the maps',
    ),
    fr: t(
      'Les cartes',
      'Dessinées à la main, vérifiées à pied.',
      'Chaque carte tient dans une poche et omet certaines choses exprès. Les bancs y figurent, l’ombre aussi.',
      'Regarder les cartes',
    ),
  },
  {
    en: t(
      'Stockists',
      'Where to find the paper edition.',
      'Bookshops, bakeries and two railway kiosks carry the magazine. If yours does not, ask; that is how the others began.',
      'Find a shop',
    ),
    fr: t(
      'Points de vente',
      'Où trouver l’édition papier.',
      'Des librairies, des boulangeries et deux kiosques de gare. Si la vôtre ne l’a pas, demandez : les autres ont commencé ainsi.',
      'Trouver une adresse',
    ),
  },
  {
    en: t(
      'Press',
      'Pictures and facts for colleagues.',
      'You may use the photographs on this page with the name of the photographer. For everything else, write to us.',
      'Download the press kit',
    ),
    fr: t(
      'Presse',
      'Des images et des faits pour nos confrères.',
      'Les photographies de cette page sont libres d’usage avec le nom du photographe. Pour le reste, écrivez-nous.',
      'Télécharger le dossier',
    ),
  },
  {
    en: t(
      'Contact',
      'A real address, with a bell.',
      'The office is above a bakery and smells accordingly. Visitors are welcome on Thursdays after four.',
      'Write to us',
    ),
    fr: t(
      'Nous écrire',
      'Une vraie adresse, avec une sonnette.',
      'Le bureau est au-dessus d’une boulangerie, et cela se sent. Les visites sont bienvenues le jeudi après seize heures.',
      'Envoyer un message',
    ),
  },
  {
    en: t(
      'Accessibility',
      'Readable by everyone, or we mend it.',
      'Text can be enlarged, pictures are described and every page works without a mouse. Tell us where it does not.',
      'Report a problem',
    ),
    fr: t(
      'Accessibilité',
      'Lisible par tous, sinon nous corrigeons.',
      'Le texte peut être agrandi, les images sont décrites et chaque page se passe de souris. Dites-nous où ce n’est pas le cas.',
      'Signaler un problème',
    ),
  },
  {
    en: t(
      'Privacy',
      'We know your address if you subscribe, and nothing more.',
      'This site sets no advertising cookies and keeps no profiles. Letters are kept in a drawer.',
      'Read the details',
    ),
    fr: t(
      'Vie privée',
      'Nous connaissons votre adresse si vous êtes abonné, et rien d’autre.',
      'Ce site ne dépose aucun cookie publicitaire et ne garde aucun profil. Les lettres restent dans un tiroir.',
      'Lire le détail',
    ),
  },
  {
    en: t(
      'Work with us',
      'A small team that eats together.',
      'We look for a picture editor who cooks and a developer who does not mind flour on the keyboard.',
      'See open positions',
    ),
    fr: t(
      'Travailler avec nous',
      'Une petite équipe qui mange ensemble.',
      'Nous cherchons une iconographe qui cuisine et un développeur que la farine sur le clavier ne gêne pas.',
      'Voir les postes',
    ),
  },
];
