-- What the registry has.
create table student (
  number   text primary key,
  name     text not null,
  login    text unique,
  enrolled boolean not null default true
);

create table membership (
  student    text not null references student,
  group_name text not null,
  primary key (student, group_name)
);

insert into student (number, name, login) values
  ('S-101', 'Amara Okafor', 'aokafor'),
  ('S-102', 'Ben Whitfield', 'bwhitfield'),
  ('S-103', 'Chiara Russo', 'crusso'),
  ('S-104', 'Daniel Osei', 'dosei'),
  ('S-105', 'Elif Yildiz', 'eyildiz');

insert into membership select number, 'Lecture CH201' from student;
insert into membership values ('S-101', 'Lab A'), ('S-102', 'Lab A'), ('S-103', 'Lab B'), ('S-104', 'Lab B'), ('S-105', 'Lab B');
