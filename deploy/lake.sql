-- What PostgreSQL is told the first time that it starts: Dagster's records stand beside the catalogue.
create database dagster;
