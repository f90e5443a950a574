/** Everything the store says to a person. */
export const messages = {
  newerSchema: (names: string[]) =>
    `数据库由更新版本的检声建立（多出 ${names.join('、')}）。请升级程序，或改用原来的版本。`,
  changedMigration: (name: string) =>
    `数据库中的迁移 ${name} 与程序中的内容不一致。请恢复原来的程序文件，不要修改已执行的迁移。`,
  databaseRoles: (why: string) =>
    `数据库账号不能建立检声所需的两个数据库角色：${why}。请由数据库管理员执行 ALTER ROLE <账号> CREATEROLE，或改用数据库所有者的账号。`,
  staleVersion: '这篇稿件刚刚被别人改过，请刷新后再保存。',
};
