from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobevent",
            name="detail",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
    ]
