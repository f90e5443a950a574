import { expect } from 'vitest';
import type { Queryable } from '../../store/pool.ts';
import type { NewPost } from '../../store/posts.ts';

/** What is told of, each time in other words around the same matter; the matters have no words in common. */
const MATTERS = {
  canteen: {
    whole: '青石县实验中学食堂使用变质冷冻肉',
    parts: ['食堂供应商资质造假', '冷冻肉包装没有检疫标志', '学生午餐后腹痛', '食堂陪餐制度流于形式'],
    tails: ['家长很担心', '孩子回家就说难吃', '食堂大门关着', '班级群里都在问'],
  },
  noise: {
    whole: '云河大道工地夜间施工噪声扰民',
    parts: ['打桩机凌晨还在响', '夜间施工许可早已过期', '渣土车彻夜进出', '噪声监测屏坏了'],
    tails: ['老人睡不着', '沿街住户投诉多次', '工地围挡也拆了', '清晨五点又开始'],
  },
} as const;

/** Posts about one matter: `count` of them from the n-th on, no two alike. */
export function told(matter: keyof typeof MATTERS, count: number, from = 0): Partial<NewPost>[] {
  const { whole, parts, tails } = MATTERS[matter];
  return Array.from({ length: count }, (_, at) => {
    const n = from + at;
    const part = parts[n % parts.length] ?? '';
    const tail = tails[(n >> 2) % tails.length] ?? '';
    return { text: `${whole}，${part}，${tail}${'！'.repeat(n >> 4)}${n + 1}` };
  });
}

export type ConcernState = {
  id: number;
  posts: number;
  copies: number;
  sources: number;
  firstAt: Date;
  lastAt: Date;
  firstSourceId: number | null;
};

/** The standing concerns of an office, the largest first. */
export async function concernState(db: Queryable, officeId: number): Promise<ConcernState[]> {
  const found = await db.query<ConcernState>(
    `select id, posts, copies, sources, first_at as "firstAt", last_at as "lastAt", first_source_id as "firstSourceId"
     from concerns where office_id = $1 and merged_into is null and posts > 0 order by posts desc, id`,
    [officeId],
  );
  return found.rows;
}

/** Compares every counter of an office's concerns with a count of the posts that are in them. */
export async function expectConcernsCounted(db: Queryable, officeId: number): Promise<void> {
  const of = async (text: string) => (await db.query(text, [officeId])).rows;
  const members = `from concern_posts m join posts p on p.id = m.post_id where m.office_id = $1`;
  expect(
    await of(
      `select id, posts, copies, sources from concerns where office_id = $1 and posts <> 0 order by id`,
    ),
  ).toEqual(
    await of(`select m.concern_id as id, count(*)::int as posts, count(p.copy_of)::int as copies,
      count(distinct p.source_id)::int as sources ${members} group by 1 order by 1`),
  );
  expect(
    await of(`select key, hour, sentiment, posts, copies from pulse_by where office_id = $1 and dimension = 'concern'
      and (posts, copies) <> (0, 0) order by 1, 2, 3`),
  ).toEqual(
    await of(`select m.concern_id::text as key, date_trunc('hour', p.at) as hour, p.sentiment, count(*)::int as posts,
      count(p.copy_of)::int as copies ${members} group by 1, 2, 3 order by 1, 2, 3`),
  );
  expect(
    await of(`select concern_id as id, source_id, outlet, posts, copies, first_at, last_at from concern_sources
      where office_id = $1 order by 1, 2, 3`),
  ).toEqual(
    await of(`select m.concern_id as id, p.source_id, coalesce(p.outlet, '') as outlet, count(*)::int as posts,
      count(p.copy_of)::int as copies, min(p.at) as first_at, max(p.at) as last_at ${members} group by 1, 2, 3 order by 1, 2, 3`),
  );
}
