from sqlalchemy import Engine, text


def test_each_test_gets_an_empty_database(engine: Engine):
    with engine.connect() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1
