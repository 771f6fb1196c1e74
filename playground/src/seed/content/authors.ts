import type { Picture } from '../images/upload';
import type { Random } from '../random';
import { slugify } from '../text/fill';
import { people } from '../text/people';
import type { Writer } from '../writer';

interface Input {
  writer: Writer;
  random: Random;
  pictures: readonly Picture[];
  count: number;
}

/** Authors with their profiles; the later ones have an earlier one as their mentor. */
export const createAuthors = async ({ writer, random, pictures, count }: Input): Promise<string[]> => {
  const authors: string[] = [];
  for (const [index, person] of people.slice(0, count).entries()) {
    const slug = slugify(person.name);
    const website = `https://${slug}.example.com`;
    const profile = await writer.create('api::profile.profile', {
      website,
      company: person.company,
      links: [
        { label: 'Portfolio', url: website },
        { label: 'Letters', url: `https://letters.example.com/${slug}` },
      ].slice(0, random.int(1, 2)),
    });
    const author = await writer.create('api::author.author', {
      name: person.name,
      slug,
      email: `${slug}@example.com`,
      bio: person.bio,
      avatar: pictures.length > 0 ? random.pick(pictures).id : null,
      profile: profile.documentId,
      mentor: index >= 3 && random.chance(0.7) ? random.pick(authors) : null,
    });
    authors.push(author.documentId);
  }
  return authors;
};
