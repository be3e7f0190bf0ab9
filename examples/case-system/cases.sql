-- The part of a case system's database that is about appointments.
create table appointment (
  id        integer primary key autoincrement,
  uid       text unique,             -- of those that began in a calendar
  matter    text not null,
  note      text not null default '',
  place     text not null default '',
  starts_at text not null,           -- in London
  ends_at   text not null,
  version   integer not null default 1
);

insert into appointment (matter, note, place, starts_at, ends_at) values
  ('2026/114 Lindqvist v Harbour Print', 'Directions hearing', 'Central London County Court', '2027-01-11 10:30:00', '2027-01-11 12:00:00'),
  ('2026/131 Estate of T. Novák', 'Reading of the will', 'Room 2', '2027-01-12 15:00:00', '2027-01-12 16:00:00'),
  ('2027/002 Okafor & Sons, lease', 'First meeting', 'Room 1', '2027-01-13 09:00:00', '2027-01-13 09:45:00');

-- The case system books no room twice.
create trigger booked before insert on appointment
when new.place like 'Room %' and exists (select 1 from appointment where place = new.place and starts_at < new.ends_at and ends_at > new.starts_at)
begin
  select raise(abort, 'the room is taken');
end;
