-- What the timetabling office has.
create table room (
  id       integer primary key,
  name     text not null,
  building text not null
);

create table lesson (
  id          integer primary key,
  course      text not null,
  group_name  text not null,
  title       text not null,
  during_from timestamp not null, -- of the clock on the wall
  during_to   timestamp not null,
  room_id     integer references room,
  changed     integer not null default 1
);

-- What changes of a lesson is counted, and so is what changes of its room.
create function lesson_changes() returns trigger language plpgsql as $$
begin
  new.changed := old.changed + 1;
  return new;
end $$;
create trigger lesson_changes before update on lesson for each row execute function lesson_changes();

create function room_changes() returns trigger language plpgsql as $$
begin
  update lesson set room_id = new.id where room_id = new.id;
  return null;
end $$;
create trigger room_changes after update on room for each row execute function room_changes();

insert into room values (1, 'Great Hall', 'Mill Lane'), (2, 'Laboratory 4', 'River Street'), (3, 'Laboratory 5', 'River Street');

insert into lesson (id, course, group_name, title, during_from, during_to, room_id) values
  (1, 'CH201', 'Lecture CH201', 'Carbon and its bonds', '2027-01-11 09:00', '2027-01-11 10:30', 1),
  (2, 'CH201', 'Lecture CH201', 'Alkenes', '2027-01-18 09:00', '2027-01-18 10:30', 1),
  (3, 'CH201', 'Lab A', 'Recrystallisation', '2027-01-13 14:00', '2027-01-13 17:00', 2),
  (4, 'CH201', 'Lab B', 'Recrystallisation', '2027-01-14 14:00', '2027-01-14 17:00', 2),
  (5, 'CH201', 'Lab A', 'Distillation', '2027-01-20 14:00', '2027-01-20 17:00', 3),
  (6, 'CH201', 'Lab B', 'Distillation', '2027-01-21 14:00', '2027-01-21 17:00', null);
