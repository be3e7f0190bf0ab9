-- A small university. This makes timetable.db: go run ./examples/internal/sqlite examples/timetable/timetable.db <examples/timetable/timetable.sql

create table student (
  id     integer primary key,
  name   text not null,
  login  text unique, -- null until the computing service has made it
  active integer not null default 1
);

create table course (
  id    integer primary key,
  code  text not null unique,
  title text not null
);

create table course_group (
  id        integer primary key,
  course_id integer not null references course,
  type      text not null check (type in ('lecture', 'seminar', 'lab')),
  name      text not null
);

create table student_group (
  student_id integer not null references student,
  group_id   integer not null references course_group,
  primary key (student_id, group_id)
);

create table lecturer (
  id   integer primary key,
  name text not null
);

create table room (
  id      integer primary key,
  name    text not null,
  address text not null
);

-- Times are those of the clock on the wall.
create table lesson (
  id        integer primary key,
  group_id  integer not null references course_group,
  starts_at text not null,
  ends_at   text not null,
  subject   text not null,
  status    text not null default 'confirmed' check (status in ('confirmed', 'cancelled'))
);

create table lesson_room (
  lesson_id integer not null references lesson,
  room_id   integer not null references room,
  primary key (lesson_id, room_id)
);

create table lesson_lecturer (
  lesson_id   integer not null references lesson,
  lecturer_id integer not null references lecturer,
  primary key (lesson_id, lecturer_id)
);

insert into course values
  (1, 'CH201', 'Organic chemistry'),
  (2, 'MA110', 'Statistics');

insert into course_group values
  (1, 1, 'lecture', 'CH201'),
  (2, 1, 'lab', 'CH201 A'),
  (3, 1, 'lab', 'CH201 B'),
  (4, 1, 'lab', 'CH201 C'),
  (5, 2, 'lecture', 'MA110'),
  (6, 2, 'seminar', 'MA110 1'),
  (7, 2, 'seminar', 'MA110 2'),
  (8, 2, 'seminar', 'MA110 3');

insert into lecturer values
  (1, 'Prof. Adela Brandt'),
  (2, 'Dr Samuel Achebe'),
  (3, 'Dr Mei Lin Chow'),
  (4, 'Prof. Rory Gallagher');

insert into room values
  (1, 'Great Hall', 'Mill Lane 1'),
  (2, 'Lecture Theatre 2', 'Mill Lane 3'),
  (3, 'Laboratory 4', 'River Street 20'),
  (4, 'Laboratory 5', 'River Street 20'),
  (5, 'Seminar Room 7', 'Mill Lane 3');

insert into student (id, name, login) values
  (1001, 'Amara Okafor', 'aokafor'),
  (1002, 'Ben Whitfield', 'bwhitfield'),
  (1003, 'Chiara Russo', 'crusso'),
  (1004, 'Daniel Osei', 'dosei'),
  (1005, 'Elif Yildiz', 'eyildiz'),
  (1006, 'Femi Adeyemi', 'fadeyemi'),
  (1007, 'Grace Lindqvist', 'glindqvist'),
  (1008, 'Hugo Moreau', 'hmoreau'),
  (1009, 'Ines Carvalho', 'icarvalho'),
  (1010, 'Jonas Weber', 'jweber'),
  (1011, 'Keiko Tanaka', 'ktanaka'),
  (1012, 'Liam Byrne', 'lbyrne'),
  (1013, 'Maja Kowalska', 'mkowalska'),
  (1014, 'Noor Haddad', 'nhaddad'),
  (1015, 'Oskar Nilsson', 'onilsson'),
  (1016, 'Priya Raman', 'praman'),
  (1017, 'Quentin Dubois', 'qdubois'),
  (1018, 'Rosa Jimenez', 'rjimenez'),
  (1019, 'Sam Fletcher', 'sfletcher'),
  (1020, 'Tomas Novak', 'tnovak'),
  (1021, 'Uma Desai', 'udesai'),
  (1022, 'Viktor Petrov', 'vpetrov'),
  (1023, 'Wanjiru Kamau', 'wkamau'),
  (1024, 'Xavier Roca', 'xroca'),
  (1025, 'Yara Mansour', 'ymansour'),
  (1026, 'Zoltan Varga', 'zvarga'),
  (1027, 'Anya Sokolova', 'asokolova'),
  (1028, 'Bilal Rahman', 'brahman'),
  (1029, 'Clara Hoffmann', 'choffmann'),
  (1030, 'Dewi Pritchard', 'dpritchard'),
  (1031, 'Eamon Doyle', 'edoyle'),
  (1032, 'Freya Larsen', 'flarsen'),
  (1033, 'Giorgos Pappas', 'gpappas'),
  (1034, 'Hana Kim', 'hkim'),
  (1035, 'Ivan Horvat', 'ihorvat'),
  (1036, 'Jasmine Clarke', null);

-- Everybody hears both lectures; labs and seminars are in thirds.
insert into student_group select id, 1 from student;
insert into student_group select id, 5 from student;
insert into student_group select id, 2 + id % 3 from student;
insert into student_group select id, 6 + id / 3 % 3 from student;

insert into lesson (id, group_id, starts_at, ends_at, subject) values
  (1, 1, '2027-01-11T09:00:00', '2027-01-11T10:30:00', 'Carbon and its bonds'),
  (2, 5, '2027-01-12T11:00:00', '2027-01-12T12:30:00', 'What a sample says'),
  (3, 2, '2027-01-13T14:00:00', '2027-01-13T17:00:00', 'Recrystallisation'),
  (4, 6, '2027-01-13T10:00:00', '2027-01-13T11:00:00', 'Samples'),
  (5, 3, '2027-01-14T14:00:00', '2027-01-14T17:00:00', 'Recrystallisation'),
  (6, 7, '2027-01-14T10:00:00', '2027-01-14T11:00:00', 'Samples'),
  (7, 4, '2027-01-15T14:00:00', '2027-01-15T17:00:00', 'Recrystallisation'),
  (8, 8, '2027-01-15T10:00:00', '2027-01-15T11:00:00', 'Samples'),
  (9, 1, '2027-01-18T09:00:00', '2027-01-18T10:30:00', 'Alkenes'),
  (10, 5, '2027-01-19T11:00:00', '2027-01-19T12:30:00', 'Distributions'),
  (11, 2, '2027-01-20T14:00:00', '2027-01-20T17:00:00', 'Distillation'),
  (12, 6, '2027-01-20T10:00:00', '2027-01-20T11:00:00', 'Distributions'),
  (13, 3, '2027-01-21T14:00:00', '2027-01-21T17:00:00', 'Distillation'),
  (14, 7, '2027-01-21T10:00:00', '2027-01-21T11:00:00', 'Distributions'),
  (15, 4, '2027-01-22T14:00:00', '2027-01-22T17:00:00', 'Distillation'),
  (16, 8, '2027-01-22T10:00:00', '2027-01-22T11:00:00', 'Distributions');

insert into lesson_room values
  (1, 1), (1, 2), (2, 1), (3, 3), (4, 5), (5, 3), (6, 5), (7, 3), (8, 5), (9, 1), (9, 2), (10, 1),
  (11, 3), (12, 5), (13, 3), (14, 5), (15, 3), (16, 5);

insert into lesson_lecturer values
  (1, 1), (2, 4), (3, 2), (3, 3), (4, 4), (5, 2), (5, 3), (6, 3), (7, 2), (7, 3), (8, 4), (9, 1),
  (10, 4), (11, 2), (11, 3), (12, 4), (13, 2), (13, 3), (14, 3), (15, 2), (15, 3), (16, 4);
